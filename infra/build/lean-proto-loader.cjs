const protobuf = require('protobufjs');

/**
 * What google-gax asks of @grpc/proto-loader, and no more: the services of a `protos.json`, by full name. The original also
 * writes every message out as its descriptor, which only a server's reflection reads.
 */
exports.fromJSON = function fromJSON(json, options = {}) {
  const root = protobuf.Root.fromJSON(json).resolveAll();
  return Object.fromEntries(
    servicesOf(root).map((service) => {
      const name = service.fullName.slice(1);
      const methods = service.methodsArray.map((method) => [method.name, methodOf(method, name, options)]);
      return [name, Object.fromEntries(methods)];
    }),
  );
};

function servicesOf(namespace) {
  if (namespace instanceof protobuf.Service) return [namespace];
  return (namespace.nestedArray ?? []).flatMap(servicesOf);
}

function methodOf(method, service, options) {
  const { name, requestStream, responseStream, resolvedRequestType, resolvedResponseType } = method;
  return {
    path: `/${service}/${name}`,
    requestStream: requestStream === true,
    responseStream: responseStream === true,
    requestSerialize: serializer(resolvedRequestType),
    requestDeserialize: deserializer(resolvedRequestType, options),
    responseSerialize: serializer(resolvedResponseType),
    responseDeserialize: deserializer(resolvedResponseType, options),
    originalName: protobuf.util.lcFirst(name),
  };
}

function serializer(type) {
  return (message) => type.encode(type.fromObject(message)).finish();
}

function deserializer(type, options) {
  return (bytes) => type.toObject(type.decode(bytes), options);
}
