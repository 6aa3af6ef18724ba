import { describe, expect, test } from 'vitest';
import { memoryEndpoint, memoryLedger, NOW, recordOf } from './fixtures.ts';
import { makeRelease, ReleaseError } from './release.ts';

function setUp(passes: (version: string) => boolean = () => true) {
  const ledger = memoryLedger();
  const endpoint = memoryEndpoint();
  const seen: Record<string, number>[] = [];
  let time = NOW;
  const release = makeRelease({
    ledger,
    endpoint,
    async tryOut(_endpoint, { model_version: version }) {
      seen.push(endpoint.traffic());
      return { passes: passes(version), report: ['tried'] };
    },
    canaryPercent: 10,
    clock: () => {
      time += 1000;
      return time;
    },
  });
  /** Stages and promotes. */
  const ship = async (...versions: readonly string[]): Promise<void> => {
    for (const version of versions) {
      await release.stage(recordOf(version));
      await release.promote(version);
    }
  };
  const current = async () => (await ledger.current())?.model_version;
  return { ...release, ship, ledger, endpoint, seen, current };
}

describe('a release', () => {
  test('the first model is tried with all traffic, and is then the one that recommend uses', async () => {
    const { ship, seen, ledger, endpoint } = setUp();
    await ship('one');
    expect(seen).toEqual([{ one: 100 }]);
    expect(endpoint.traffic()).toEqual({ one: 100 });
    expect(await ledger.current()).toMatchObject({
      model_version: 'one',
      artifact_uri: 'gs://models/one',
      endpoint: 'endpoint-7',
      popular: ['hat', 'shoe'],
    });
  });

  test('a new model is tried with a tenth of the traffic, then gets all of it, and the old one retires', async () => {
    const { ship, stage, promote, seen, ledger, endpoint, current } = setUp();
    await ship('one');
    const staged = await stage(recordOf('two'));
    expect(staged).toMatchObject({ state: 'canary', report: ['passes', 'tried'] });
    expect(seen.at(-1)).toEqual({ one: 90, two: 10 });
    expect(await current()).toBe('one');
    expect((await promote()).model_version).toBe('two');
    expect(endpoint.traffic()).toEqual({ two: 100 });
    expect(await current()).toBe('two');
    expect(ledger.states()).toEqual([
      ['one', 'retired'],
      ['two', 'live'],
    ]);
  });

  test('a model that fails its trial leaves the traffic, and cannot be promoted', async () => {
    const { ship, stage, promote, endpoint, current } = setUp((version) => version !== 'bad');
    await ship('one');
    expect(await stage(recordOf('bad'))).toMatchObject({ state: 'rejected' });
    expect(endpoint.traffic()).toEqual({ one: 100 });
    await expect(promote('bad')).rejects.toThrow(/bad was rejected: passes; tried/);
    await expect(promote()).rejects.toThrow(/no canary/);
    expect(await current()).toBe('one');
  });

  test('a canary that another overtakes is given up', async () => {
    const { ship, stage, ledger, endpoint } = setUp();
    await ship('one');
    await stage(recordOf('two'));
    await ship('three');
    expect(endpoint.traffic()).toEqual({ three: 100 });
    expect(ledger.states()).toEqual([
      ['one', 'retired'],
      ['two', 'rejected'],
      ['three', 'live'],
    ]);
  });

  test('every step can be repeated', async () => {
    const { ship, ledger, endpoint } = setUp();
    await ship('one', 'two', 'two', 'two');
    expect(endpoint.traffic()).toEqual({ two: 100 });
    expect(ledger.states()).toEqual([
      ['one', 'retired'],
      ['two', 'live'],
    ]);
  });
});

describe('a rollback', () => {
  test('brings back the models that were live before, one after the other', async () => {
    const { ship, rollback, ledger, endpoint, current } = setUp();
    await ship('one', 'two', 'three');
    expect((await rollback()).model_version).toBe('two');
    expect(await current()).toBe('two');
    expect((await rollback()).model_version).toBe('one');
    expect(endpoint.traffic()).toEqual({ one: 100 });
    expect(ledger.states()).toEqual([
      ['one', 'live'],
      ['two', 'withdrawn'],
      ['three', 'withdrawn'],
    ]);
    await expect(rollback()).rejects.toThrow(ReleaseError);
  });

  test('of a canary leaves the live model where it is', async () => {
    const { ship, stage, rollback, endpoint, current } = setUp();
    await ship('one');
    await stage(recordOf('two'));
    expect((await rollback()).model_version).toBe('one');
    expect(endpoint.traffic()).toEqual({ one: 100 });
    expect(await current()).toBe('one');
  });

  test('can be undone: a withdrawn model can be promoted by name', async () => {
    const { ship, rollback, promote, current, endpoint } = setUp();
    await ship('one', 'two');
    await rollback();
    await promote('two');
    expect(await current()).toBe('two');
    expect(endpoint.traffic()).toEqual({ two: 100 });
    await expect(promote('nine')).rejects.toThrow(/There is no model nine; npm run model -- history/);
  });
});
