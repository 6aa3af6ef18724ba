import type { Artifact, ArtifactSink } from '../../model/artifact.ts';
import type { TrainingSession } from '../../model/session.ts';
import type { BatchContext, BatchResult } from '../../shared/batch-function.ts';
import { CurrentModel, type TrainRequest } from '../../shared/events.ts';
import { stableId } from '../../shared/ids.ts';
import type { Refresh } from './refresh.ts';
import { makeSingleFlight } from './single-flight.ts';

/** Where clicks are read from. */
export interface TrainingWarehouse {
  sessions(): AsyncIterable<TrainingSession>;
}

/** Where artifacts are kept. */
export interface ArtifactStore {
  readonly sink: (version: string) => ArtifactSink;
  /** `gs://…/models/<version>`. */
  readonly uri: (version: string) => string;
}

/** Where the model answers from. */
export interface Serving {
  /**
   * Makes this version the one that answers, and retires others. Repeating it changes nothing.
   * @returns the endpoint's resource name
   */
  serve(version: string, artifactUri: string): Promise<string>;
}

/** The document `models/current`. */
export interface CurrentModels {
  read(): Promise<CurrentModel | undefined>;
  write(model: CurrentModel): Promise<void>;
}

export interface TrainOptions {
  readonly warehouse: TrainingWarehouse;
  readonly build: (sessions: AsyncIterable<TrainingSession>, version: string) => Promise<Artifact>;
  readonly store: (artifact: Artifact, sink: ArtifactSink) => Promise<void>;
  readonly artifacts: ArtifactStore;
  readonly serving: Serving;
  readonly current: CurrentModels;
  readonly refresh: Refresh;
  readonly clock: () => number;
}

type Outcome = Record<string, number | string>;

/**
 * Builds a model from the warehouse, stores it, serves it, and asks for recommendations for recent visitors anew. The
 * version follows from the request, so that a redelivery takes up where the first delivery broke off, or joins it where it
 * is still at work.
 */
export function makeTrain(options: TrainOptions) {
  const { warehouse, artifacts, serving, current, refresh, clock } = options;
  const once = makeSingleFlight<Outcome>();

  const train = async (version: string, request: TrainRequest, context: BatchContext): Promise<Outcome> => {
    const before = await current.read();
    if (before && before.model_version !== version && before.deployed_at > request.requested_at) {
      context.log.info('a newer model is served already', { version, served: before.model_version });
      return { superseded: 1 };
    }
    if (before?.model_version !== version) {
      const began = clock();
      const artifact = await options.build(warehouse.sessions(), version);
      const { manifest } = artifact;
      if (manifest.counts.sessions === 0) {
        context.log.warn('there are no sessions to learn from; no model was built', { version });
        return { sessions: 0 };
      }
      await options.store(artifact, artifacts.sink(version));
      context.log.info('a model is built', {
        version,
        method: manifest.method,
        counts: manifest.counts,
        evaluation: manifest.evaluation,
        build_ms: clock() - began,
      });
      const endpoint = await serving.serve(version, artifacts.uri(version));
      await current.write(
        CurrentModel.parse({
          model_version: version,
          artifact_uri: artifacts.uri(version),
          endpoint,
          deployed_at: new Date(clock()).toISOString(),
          popular: manifest.popular,
        }),
      );
      context.log.info('the model is served', { version, endpoint, deploy_ms: clock() - began });
    }
    return { models: 1, refreshed: await refresh(version, request.refresh_days, context) };
  };

  return async (requests: readonly TrainRequest[], context: BatchContext): Promise<BatchResult> => {
    const newest = requests.reduce((a, b) => (b.requested_at > a.requested_at ? b : a));
    const version = versionOf(newest);
    const metrics = await once(version, () => train(version, newest, context));
    return { out: 1, metrics };
  };
}

/** `20261121T093000Z-` and eight digits of the request's id: sorts by time. */
export function versionOf({ requested_at, request_id }: TrainRequest): string {
  const time = new Date(requested_at).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${stableId(request_id).slice(0, 8)}`;
}
