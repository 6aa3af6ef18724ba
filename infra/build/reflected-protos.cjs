const protobuf = require('protobufjs');

/**
 * The messages and enums of a `protos.json`, as `protos.google.firestore.v1.Value`: what the generated `protos.js` beside
 * it offers, made by reflection, and each only when it is first asked for.
 */
module.exports = function reflectProtos(json) {
  return view(protobuf.Root.fromJSON(json), {});
};

function view(namespace, target) {
  for (const child of namespace.nestedArray ?? []) {
    let made;
    Object.defineProperty(target, child.name, {
      enumerable: true,
      get() {
        made ??= make(child);
        return made;
      },
    });
  }
  return target;
}

/** A generated enum maps names to numbers, and numbers to names. */
function make(child) {
  if (child instanceof protobuf.Enum) return Object.assign(Object.create(child.valuesById), child.values);
  if (child instanceof protobuf.Type) return view(child, child.ctor);
  return view(child, {});
}
