/** Vertex AI's resources as this emulator keeps them; names and fields as in google.cloud.aiplatform.v1. */

export interface ContainerSpec {
  readonly imageUri?: string;
  readonly predictRoute?: string;
  readonly healthRoute?: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

/** What a caller says of a model. */
export interface ModelFields {
  readonly displayName: string;
  readonly artifactUri: string;
  readonly containerSpec: ContainerSpec;
  /** Names for this version, `default` among them for the version that a bare name means. */
  readonly versionAliases: readonly string[];
  readonly versionDescription: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One version of a model. */
export interface Model extends ModelFields {
  /** `projects/P/locations/L/models/ID`, the same for all versions. */
  readonly name: string;
  /** Counts from 1. */
  readonly versionId: string;
  readonly versionCreateTime: Timestamp;
}

/** google.protobuf.Timestamp */
export interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}

export interface DeployedModel {
  readonly id: string;
  /** Resource name of the model, without version. */
  readonly model: string;
  readonly modelVersionId: string;
  readonly displayName: string;
}

export interface Endpoint {
  /** `projects/P/locations/L/endpoints/ID`. */
  readonly name: string;
  readonly displayName: string;
  readonly deployedModels: readonly DeployedModel[];
  /** Percent of requests by deployed model id; sums to 100, or is empty. */
  readonly trafficSplit: Readonly<Record<string, number>>;
}

export { CODE } from '../status-codes.ts';

/** An error as Vertex AI reports it. */
export class VertexError extends Error {
  override readonly name = 'VertexError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
