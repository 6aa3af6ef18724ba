import type { Ledger } from './ledger.ts';
import type { ModelRecord, ModelState } from './model-record.ts';
import type { Trial } from './trial.ts';

/** Where models answer from. */
export interface ModelEndpoint {
  /**
   * Gives a version a share of the traffic, deploying and registering it first where that was not done; what had most of
   * the traffic keeps the rest, and with nothing beside it the version gets all. Repeating it changes nothing.
   * @param percent from 1 to 100
   * @returns the endpoint's resource name
   */
  serve(version: string, artifactUri: string, percent: number): Promise<string>;
  /** Undeploys every version but this one, which gets all traffic and becomes the registry's default. */
  keepOnly(version: string): Promise<void>;
  /** Undeploys a version; the others keep their traffic, in proportion. */
  withdraw(version: string): Promise<void>;
}

export interface ReleaseOptions {
  readonly ledger: Ledger;
  readonly endpoint: ModelEndpoint;
  readonly tryOut: Trial;
  /** The canary's share of the traffic. */
  readonly canaryPercent: number;
  readonly clock: () => number;
}

/** There is no such model, or none that could take over. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}

/** Moves models between the registry and the traffic, and keeps the ledger of it. Each step can be repeated. */
export function makeRelease(options: ReleaseOptions) {
  const { ledger, endpoint, canaryPercent } = options;
  const now = (): string => new Date(options.clock()).toISOString();
  const enter = (record: ModelRecord, state: ModelState, report = record.report): ModelRecord => ({
    ...record,
    state,
    changed_at: now(),
    report: [...report],
  });
  const known = async (version: string): Promise<ModelRecord> => {
    const record = await ledger.find(version);
    if (record) return record;
    throw new ReleaseError(`There is no model ${version}; npm run model -- history lists those there are.`);
  };

  /** Makes a version live, and what was live before it what `before` says. */
  const makeLive = async (record: ModelRecord, before: ModelState): Promise<ModelRecord> => {
    const { model_version, artifact_uri, popular } = record;
    const name = await endpoint.serve(model_version, artifact_uri, 100);
    const live = { ...enter(record, 'live'), live_at: now() };
    const deployed_at = live.live_at;
    await ledger.makeCurrent({ model_version, artifact_uri, endpoint: name, deployed_at, popular });
    for (const other of await ledger.list()) {
      if (other.model_version === model_version) continue;
      if (other.state === 'live') await ledger.write(enter(other, before));
      if (other.state === 'canary')
        await ledger.write(enter(other, 'rejected', [...other.report, `gave way to ${model_version}`]));
    }
    await ledger.write(live);
    await endpoint.keepOnly(model_version);
    return live;
  };

  return {
    /**
     * Deploys a model beside the live one, with a share of the traffic, and tries it out there.
     * @returns its record: `canary`, or `rejected` and out of the traffic again
     */
    async stage(record: ModelRecord): Promise<ModelRecord> {
      const { model_version: version, artifact_uri: uri } = record;
      const staged = enter(record, 'canary');
      await ledger.write(staged);
      const name = await endpoint.serve(version, uri, canaryPercent);
      const { passes, report } = await options.tryOut(name, staged);
      const tried = enter(staged, passes ? 'canary' : 'rejected', [...record.report, ...report]);
      if (!passes) await endpoint.withdraw(version);
      await ledger.write(tried);
      return tried;
    },

    /**
     * Gives a version all traffic.
     * @param version default: the newest canary
     * @throws ReleaseError where there is none, or it was rejected
     */
    async promote(version?: string): Promise<ModelRecord> {
      const record =
        version === undefined
          ? (await ledger.list()).find(({ state }) => state === 'canary')
          : await known(version);
      if (!record)
        throw new ReleaseError(
          'There is no canary to promote; name a version with --version to promote that.',
        );
      if (record.state === 'rejected')
        throw new ReleaseError(`${record.model_version} was rejected: ${record.report.join('; ')}`);
      return makeLive(record, 'retired');
    },

    /**
     * Undoes the latest step: withdraws the canary where there is one, else brings back the model that was live before.
     * @returns the model that is live now
     * @throws ReleaseError where there is nothing to go back to
     */
    async rollback(): Promise<ModelRecord> {
      const records = await ledger.list();
      const live = records.find(({ state }) => state === 'live');
      const canary = records.find(({ state }) => state === 'canary');
      if (canary && live) {
        await endpoint.withdraw(canary.model_version);
        await ledger.write(enter(canary, 'rejected', [...canary.report, 'rolled back by hand']));
        return live;
      }
      const [previous] = records
        .filter(({ state }) => state === 'retired')
        .sort((a, b) => ((a.live_at ?? '') < (b.live_at ?? '') ? 1 : -1));
      if (!previous)
        throw new ReleaseError('No model was live before this one: there is nothing to roll back to.');
      return makeLive(previous, 'withdrawn');
    },
  };
}

export type Release = ReturnType<typeof makeRelease>;
