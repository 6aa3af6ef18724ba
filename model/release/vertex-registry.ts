import { ModelServiceClient } from '@google-cloud/aiplatform/build/src/v1/model_service_client.js';
import { vertexClientOptions } from '../../shared/vertex.ts';

export interface VertexRegistryOptions {
  readonly project: string;
  readonly location: string;
  /** Id of the model whose versions these are. */
  readonly model: string;
  /** The model server's container image. */
  readonly image: string;
}

/** Versions in Vertex AI's Model Registry: one model, whose versions carry ours as aliases. */
export interface VertexRegistry {
  /** Registers a version unless it is there. @returns its resource name, `…/models/ID@version` */
  register(version: string, artifactUri: string): Promise<string>;
  /** Makes a version the one that the model's bare name means. */
  makeDefault(version: string): Promise<void>;
}

const NOT_FOUND = 5;

export function makeVertexRegistry(options: VertexRegistryOptions): VertexRegistry {
  const { project, location, image } = options;
  const parent = `projects/${project}/locations/${location}`;
  const name = `${parent}/models/${options.model}`;
  const models = new ModelServiceClient(vertexClientOptions(project, location));

  const find = async (reference: string) => {
    try {
      const [model] = await models.getModel({ name: reference });
      return model;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === NOT_FOUND) return undefined;
      throw error;
    }
  };

  return {
    async register(version, artifactUri) {
      const known = await find(`${name}@${aliasOf(version)}`);
      if (known) return `${name}@${known.versionId}`;
      const [operation] = await models.uploadModel({
        parent,
        ...((await find(name)) ? { parentModel: name } : { modelId: options.model }),
        model: {
          displayName: options.model,
          versionAliases: [aliasOf(version)],
          versionDescription: version,
          artifactUri,
          containerSpec: {
            imageUri: image,
            predictRoute: '/predict',
            healthRoute: '/health',
            ports: [{ containerPort: 8080 }],
          },
        },
      });
      const [{ modelVersionId }] = await operation.promise();
      return `${name}@${modelVersionId}`;
    },
    async makeDefault(version) {
      await models.mergeVersionAliases({ name: `${name}@${aliasOf(version)}`, versionAliases: ['default'] });
    },
  };
}

/** An alias starts with a letter, and ends with a lower-case one or a digit. */
function aliasOf(version: string): string {
  return `v${version.replace(/[^a-zA-Z0-9-]/g, '-')}`.replace(/[A-Z-]$/, (last) => `${last}0`);
}
