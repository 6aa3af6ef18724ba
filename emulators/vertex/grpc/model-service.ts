import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Plain } from '../../protos.ts';
import type { Registry } from '../registry.ts';
import { CODE, type ContainerSpec, type Model, type ModelFields, VertexError } from '../resources.ts';
import type { Operations } from './operations.ts';
import { filtered, parentOf, unary } from './unary.ts';

const V1 = 'google.cloud.aiplatform.v1';
const EMPTY = 'google.protobuf.Empty';

/** google.cloud.aiplatform.v1.ModelService: models and their versions. */
export function modelService({ models }: Registry, operations: Operations): UntypedServiceImplementation {
  return {
    UploadModel: unary(({ parent, model, modelId, parentModel }) => {
      const fields = fieldsOf((model ?? {}) as Plain);
      return operations.start(String(parent), `${V1}.UploadModelResponse`, async () => {
        const added = models.add(String(parent), fields, {
          id: modelId ? String(modelId) : undefined,
          parentModel: parentModel ? String(parentModel) : undefined,
        });
        return { model: added.name, modelVersionId: added.versionId };
      });
    }),
    GetModel: unary(({ name }) => resource(models.get(String(name)))),
    ListModels: unary(({ parent, filter }) => ({
      models: filtered(models.list(String(parent)), filter).map(resource),
    })),
    ListModelVersions: unary(({ name }) => ({ models: models.versions(String(name)).map(resource) })),
    MergeVersionAliases: unary(({ name, versionAliases }) =>
      resource(models.mergeAliases(String(name), (versionAliases ?? []) as readonly string[])),
    ),
    DeleteModel: unary(({ name }) =>
      operations.start(parentOf(name), EMPTY, async () => {
        models.remove(String(name));
        return {};
      }),
    ),
    DeleteModelVersion: unary(({ name }) =>
      operations.start(parentOf(name), EMPTY, async () => {
        models.removeVersion(String(name));
        return {};
      }),
    ),
  };
}

function fieldsOf(model: Plain): ModelFields {
  const { displayName, artifactUri, containerSpec, versionAliases, versionDescription, labels } = model;
  if (!displayName || !containerSpec) {
    throw new VertexError(CODE.INVALID_ARGUMENT, 'model.display_name and model.container_spec are required.');
  }
  return {
    displayName: String(displayName),
    artifactUri: String(artifactUri ?? ''),
    containerSpec: containerSpec as ContainerSpec,
    versionAliases: (versionAliases ?? []) as readonly string[],
    versionDescription: String(versionDescription ?? ''),
    labels: (labels ?? {}) as Readonly<Record<string, string>>,
  };
}

function resource(model: Model): Plain {
  return { ...model };
}
