import type { Artifact, ArtifactSink } from '../../model/artifact.ts';
import type { TrainingSession } from '../../model/session.ts';
import type { BatchContext, BatchResult } from '../../shared/batch-function.ts';
import { CurrentModel, type RecommendationRequest, type TrainRequest } from '../../shared/events.ts';
import { stableId } from '../../shared/ids.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';

/** A visitor of the last days, with what recommend needs to know. */
export type RecentVisitor = Pick<
  RecommendationRequest,
  'user_key' | 'visitor_id' | 'recent_items' | 'purchased_items'
>;

/** Where clicks are read from. */
export interface TrainingWarehouse {
  sessions(): AsyncIterable<TrainingSession>;
  /** Newest visitors first, each with recent items, newest first. */
  visitors(days: number): AsyncIterable<RecentVisitor>;
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
  readonly publisher: Publisher;
  readonly clock: () => number;
}

/** Requests for recommendations in one publish. */
const REFRESH_BATCH = 500;

/**
 * Builds a model from the warehouse, stores it, serves it, and asks for recommendations for recent visitors anew. The
 * version follows from the request, so that a redelivery takes up where the first delivery broke off.
 */
export function makeTrain(options: TrainOptions) {
  const { warehouse, artifacts, serving, current, publisher, clock } = options;

  const train = async (
    request: TrainRequest,
    context: BatchContext,
  ): Promise<Record<string, number | string>> => {
    const version = versionOf(request);
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

  const refresh = async (version: string, days: number, context: BatchContext): Promise<number> => {
    if (days === 0) return 0;
    let count = 0;
    let batch: RecommendationRequest[] = [];
    const flush = async (): Promise<void> => {
      if (batch.length > 0) await publisher.publish(TOPICS.recommendationRequests, batch, context.outgoing);
      count += batch.length;
      batch = [];
    };
    for await (const visitor of warehouse.visitors(days)) {
      const [newest] = visitor.recent_items;
      if (!newest) continue;
      const trigger = {
        event_id: stableId('refresh', version, visitor.visitor_id),
        event_name: 'refresh',
        event_time: newest.event_time,
        received_at: new Date(clock()).toISOString(),
      };
      batch.push({ ...visitor, trigger });
      if (batch.length === REFRESH_BATCH) await flush();
    }
    await flush();
    return count;
  };

  return async (requests: readonly TrainRequest[], context: BatchContext): Promise<BatchResult> => {
    const newest = requests.reduce((a, b) => (b.requested_at > a.requested_at ? b : a));
    const metrics = await train(newest, context);
    return { out: 1, metrics };
  };
}

/** `20261121T093000Z-` and eight digits of the request's id: sorts by time. */
export function versionOf({ requested_at, request_id }: TrainRequest): string {
  const time = new Date(requested_at).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${time}-${stableId(request_id).slice(0, 8)}`;
}
