import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shapeOf } from '../../infra/configuration/overrides.ts';
import { loadConfig } from '../../shared/config.ts';
import { ConfigError } from '../../shared/errors.ts';
import { FUNCTIONS } from '../../shared/pipeline.ts';

/** A value that nothing else of a message contains, so that it would be seen in one. */
const secret = fc.stringMatching(/^[{[,]?Zq[a-z0-9 "{},:[\]]{4,30}Zq$/);
const value = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.string({ maxLength: 20 }),
  fc.constantFrom('-1', '1e999', '{}', '[]'),
);

test.each(FUNCTIONS.map(({ name, secrets }) => ({ name, secrets })))(
  'whatever the environment of $name holds, it is read, or every bad variable is named and no secret told',
  ({ name, secrets }) => {
    const shape = shapeOf(name);
    const variable = fc.constantFrom(...Object.keys(shape));
    fc.assert(
      fc.property(fc.dictionary(variable, value, { maxKeys: 6 }), secret, (given, told) => {
        const environment = { ...given, ...Object.fromEntries(secrets.map((each) => [each, told])) };
        try {
          loadConfig(shape, environment);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          for (const line of error.message
            .split('\n')
            .slice(1)
            .filter((each) => /^ {2}[A-Z]/.test(each)))
            expect(Object.keys(shape)).toContain(/^ {2}(\w+)/.exec(line)?.[1]);
          expect(error.message).not.toContain(told);
        }
      }),
      { numRuns: 40 },
    );
  },
);
