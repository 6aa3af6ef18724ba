import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../shared/pipeline.ts';
import { describeVariable } from './describe-variable.ts';
import { parseOverrides, shapeOf } from './overrides.ts';
import { VARIABLES } from './variables.ts';

const parse = (value: unknown) => parseOverrides(JSON.stringify(value), 'config.json');

describe('the configuration page', () => {
  it('knows every function of the pipeline', () => {
    const without = FUNCTIONS.filter(({ name }) => VARIABLES[name] === undefined).map(({ name }) => name);
    expect(without, 'add them to infra/configuration/variables.ts').toEqual([]);
  });

  it('describes each variable, and every secret is one', () => {
    for (const { name, secrets } of FUNCTIONS) {
      const shape = shapeOf(name);
      for (const [variable, schema] of Object.entries(shape))
        expect(describeVariable(variable, schema as never).effect, `${name}.${variable}`).not.toBe('');
      for (const secret of secrets) expect(shape, `${name} reads no ${secret}`).toHaveProperty(secret);
    }
  });
});

describe('parseOverrides', () => {
  it('gives * to every function that reads the variable, and goes by the function’s own first', () => {
    const settled = parse({ push: { LOG_LEVEL: 'DEBUG', PUSH_FCM: false }, '*': { LOG_LEVEL: 'WARNING' } });
    expect(settled.push).toEqual({ LOG_LEVEL: 'DEBUG', PUSH_FCM: 'false' });
    expect(settled.enrich).toEqual({ LOG_LEVEL: 'WARNING' });
    const reversed = parse({ '*': { LOG_LEVEL: 'WARNING' }, push: { LOG_LEVEL: 'DEBUG' } });
    expect(reversed.push).toEqual({ LOG_LEVEL: 'DEBUG' });
  });

  it('takes an experiment as it is written', () => {
    const arms = [
      { name: 'control', weight: 1, shows: 'popularity' },
      { name: 'treatment', weight: 9, shows: 'live' },
    ];
    const EXPERIMENT = { name: 'e', arms };
    expect(JSON.parse(parse({ recommend: { EXPERIMENT } }).recommend?.EXPERIMENT ?? '')).toEqual(EXPERIMENT);
    expect(() => parse({ recommend: { EXPERIMENT: { name: 'e', arms: arms.slice(1) } } })).toThrow(
      /recommend\.EXPERIMENT: .* does not fit: arms: Too small/,
    );
  });

  it.each([
    [{ enrihc: {} }, /enrihc: there is no such function; there are ingest,/],
    [{ enrich: { CONSENT: 'x' } }, /enrich\.CONSENT: enrich reads no such variable/],
    [{ enrich: { CONSENT_DEFAULT: 'maybe' } }, /enrich\.CONSENT_DEFAULT: "maybe" does not fit/],
    [{ push: { PUSH_GROUP: '0' } }, /push\.PUSH_GROUP: "0" does not fit/],
    [{ enrich: { PSEUDONYM_KEY: 'secret-secret-secret' } }, /is a secret: gcloud secrets versions add/],
    [{ '*': { NOTHING: '1' } }, /NOTHING: no function reads it/],
    [[], /is no configuration: it should be/],
  ])('refuses %j', (value, message) => {
    expect(() => parse(value)).toThrow(message);
  });

  it('names every problem at once', () => {
    expect(() => parse({ push: { PUSH_GROUP: '0', NONE: '1' } })).toThrow(/PUSH_GROUP[\s\S]*NONE/);
    expect(() => parseOverrides('{', 'x.json')).toThrow(/x\.json is no JSON/);
  });
});
