import { type Artifact, type ArtifactSink, withShelves } from '../../model/artifact.ts';
import { gate } from '../../model/gate.ts';
import type { Ledger } from '../../model/release/ledger.ts';
import type { ModelRecord } from '../../model/release/model-record.ts';
import type { Release } from '../../model/release/release.ts';
import type { TrainingSession } from '../../model/session.ts';
import type { Shelves } from '../../model/shelves.ts';
import type { BatchContext, BatchResult } from '../../shared/batch-function.ts';
import type { TrainRequest } from '../../shared/events.ts';
import type { Challenger } from './contest.ts';
import type { Refresh } from './refresh.ts';
import type { Relate } from './related.ts';
import { makeSingleFlight } from './single-flight.ts';
import { type Order, versionOf } from './version.ts';

/** What may be learned from, as of one moment. */
export interface TrainingData {
  /** All of it, anew at each call. */
  sessions(): AsyncIterable<TrainingSession>;
  /** What the clicks say of items and countries. */
  shelves(): Promise<Shelves>;
  /** Deletes it. */
  discard(): Promise<void>;
}

/** Where clicks come from. */
export interface TrainingWarehouse {
  /** Takes out what may be learned from; a repetition for the same version replaces it. */
  export(version: string): Promise<TrainingData>;
}

/** Where artifacts are kept. */
export interface ArtifactStore {
  readonly sink: (version: string) => ArtifactSink;
  /** `gs://…/models/<version>`. */
  readonly uri: (version: string) => string;
}

/** Trains a model, and judges its kind on the newest share of the sessions. */
export type Builder = (
  sessions: AsyncIterable<TrainingSession>,
  options: { readonly version: string; readonly judged: number | undefined },
) => Promise<Artifact>;

export interface TrainOptions {
  readonly warehouse: TrainingWarehouse;
  readonly challenge: Challenger;
  readonly build: Builder;
  readonly store: (artifact: Artifact, sink: ArtifactSink) => Promise<void>;
  readonly artifacts: ArtifactStore;
  readonly ledger: Pick<Ledger, 'current' | 'find' | 'write'>;
  readonly release: Pick<Release, 'stage' | 'promote'>;
  /** Without it a canary waits for `npm run model -- promote`. */
  readonly autoPromote: boolean;
  readonly relate: Relate;
  readonly refresh: Refresh;
  readonly clock: () => number;
}

type Outcome = Record<string, number | string>;

/**
 * Builds a model from the warehouse, judges it, stores it, tries it in traffic, promotes it, asks for recommendations
 * for recent visitors anew, and writes its lists by product. The version follows from the request, so that a redelivery takes up where the first
 * delivery broke off, or joins it where it is still at work.
 */
export function makeTrain(options: TrainOptions) {
  const { warehouse, artifacts, ledger, release, relate, refresh, clock } = options;
  const once = makeSingleFlight<Outcome>();
  const now = (): string => new Date(clock()).toISOString();

  /** A model that passed the gate and is stored, or one that did not; undefined where there is nothing to learn from. */
  const make = async (version: string, context: BatchContext): Promise<ModelRecord | undefined> => {
    const began = clock();
    const data = await warehouse.export(version);
    try {
      const { judged, live, note } = await options.challenge(await ledger.current(), data);
      const built = await options.build(data.sessions(), { version, judged });
      const artifact = withShelves(built, await data.shelves());
      const { manifest } = artifact;
      if (manifest.counts.sessions === 0) return undefined;
      const candidate = manifest.evaluation[manifest.method];
      const { popularity } = manifest.evaluation;
      const verdict = candidate
        ? gate({ candidate, live, popularity })
        : { passes: true, report: ['passes unjudged: there are too few sessions to judge by'] };
      if (verdict.passes) await options.store(artifact, artifacts.sink(version));
      const record: ModelRecord = {
        model_version: version,
        artifact_uri: artifacts.uri(version),
        state: verdict.passes ? 'canary' : 'rejected',
        built_at: now(),
        changed_at: now(),
        method: manifest.method,
        counts: manifest.counts,
        metrics: {
          ...(candidate && { candidate }),
          ...(live && { live }),
          ...(popularity && { popularity }),
        },
        report: [...verdict.report, ...(note === undefined ? [] : [note])],
        popular: manifest.popular,
      };
      await ledger.write(record);
      const { method, counts, report } = record;
      context.log.info('a model is built', { version, method, counts, report, build_ms: clock() - began });
      return record;
    } finally {
      await data.discard();
    }
  };

  const train = async (version: string, request: Order, context: BatchContext): Promise<Outcome> => {
    const before = await ledger.current();
    if (request.model_version !== undefined && before?.model_version !== request.model_version) {
      context.log.info('the model to recommend from is not served', {
        version,
        served: before?.model_version,
      });
      return { superseded: 1 };
    }
    if (before && before.model_version !== version && isAfter(before.deployed_at, request.requested_at)) {
      context.log.info('a newer model is served already', { version, served: before.model_version });
      return { superseded: 1 };
    }
    if (before?.model_version !== version) {
      const record = (await ledger.find(version)) ?? (await make(version, context));
      if (!record) {
        context.log.warn('there are no sessions to learn from; no model was built', { version });
        return { sessions: 0 };
      }
      const staged = record.state === 'rejected' ? record : await release.stage(record);
      if (staged.state === 'rejected') {
        context.log.warn(`the model is not served: ${staged.report.join('; ')}`, { version });
        return { rejected: 1 };
      }
      if (before && !options.autoPromote) {
        context.log.info('the canary waits to be promoted', { version, report: staged.report });
        return { canaries: 1 };
      }
      await release.promote(version);
      context.log.info('the model is served', { version, report: staged.report });
    }
    const refreshed = await refresh(version, request.refresh_days, context);
    const served = await ledger.current();
    return { models: 1, refreshed, related: served ? await relate(served) : 0 };
  };

  return async (requests: readonly TrainRequest[], context: BatchContext): Promise<BatchResult> => {
    const orders = requests.map(
      ({ request_id = context.messageId, requested_at = context.publishTime, ...rest }): Order => ({
        request_id,
        requested_at,
        ...rest,
      }),
    );
    const newest = orders.reduce((a, b) => (isAfter(b.requested_at, a.requested_at) ? b : a));
    const version = newest.model_version ?? versionOf(newest);
    const metrics = await once(version, () => train(version, newest, context));
    return { out: 1, metrics };
  };
}

/** By the time itself: times may be written with other offsets and fractions. */
function isAfter(a: string, b: string): boolean {
  return Date.parse(a) > Date.parse(b);
}
