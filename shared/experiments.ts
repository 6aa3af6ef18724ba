import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LIMITS } from './limits.ts';

/** The arm that others are compared with. */
export const CONTROL = 'control';

const name = z
  .string()
  .max(LIMITS.idLength)
  .regex(/^[A-Za-z0-9_.-]+$/, 'must be letters, digits, "_", "." or "-"');

const Arm = z.strictObject({
  name,
  /** Its share of the people is its weight among all weights. */
  weight: z.number().min(0).max(1e6),
  /** `live`: the model that everybody gets. `popularity`: its list of what is popular. Else a version of its own endpoint. */
  shows: z.union(
    [
      z.enum(['popularity', 'live']),
      z.strictObject({
        model_version: name,
        endpoint: z
          .string()
          .regex(
            /^projects\/[^/]+\/locations\/[^/]+\/endpoints\/[^/]+$/,
            'must be projects/…/locations/…/endpoints/…',
          ),
      }),
    ],
    {
      error:
        'must be "popularity", "live", or {"model_version": …, "endpoint": "projects/…/locations/…/endpoints/…"}',
    },
  ),
});
/** One way of recommending, and how many people get it. */
export type Arm = Readonly<z.infer<typeof Arm>>;

/** People divided by chance into arms that get different recommendations. */
export const Experiment = z
  .strictObject({
    name,
    /** Divides people anew; default the name. Change it when weights change, or arms mix. */
    salt: z.string().max(LIMITS.idLength).optional(),
    arms: z.array(Arm).min(2).max(20),
  })
  .superRefine(({ arms }, context) => {
    const names = arms.map((arm) => arm.name);
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['arms'], message });
    if (new Set(names).size < names.length) refuse('two arms have the same name');
    if (!names.includes(CONTROL))
      refuse(`one arm must be named "${CONTROL}": the others are compared with it`);
    if (arms.every(({ weight }) => weight === 0)) refuse('one weight at least must be above 0');
  });
export type Experiment = Readonly<z.infer<typeof Experiment>>;

/** An experiment as JSON text, as a variable holds it. */
export const ExperimentText = z.string().transform((text, context): Experiment => {
  const refuse = (message: string): typeof z.NEVER => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  let declared: unknown;
  try {
    declared = JSON.parse(text);
  } catch {
    return refuse('it is no JSON');
  }
  const parsed = Experiment.safeParse(declared);
  if (parsed.success) return parsed.data;
  return refuse(
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; '),
  );
});

/** Digits of the hash that decide: 48 bits are whole numbers in a double. */
const DIGITS = 12;

/**
 * The arm of a person: the same on every machine and at every time, while salt, weights and the order of arms stay. SHA-256 of
 * salt and key is as good as chance, and independent of every other experiment's.
 */
export function armOf({ name: named, salt = named, arms }: Experiment, userKey: string): Arm {
  const hash = createHash('sha256').update(`${salt.length}:${salt}${userKey}`).digest('hex');
  const place = Number.parseInt(hash.slice(0, DIGITS), 16) / 16 ** DIGITS;
  const whole = arms.reduce((sum, { weight }) => sum + weight, 0);
  let passed = 0;
  const found = arms.find(({ weight }) => {
    passed += weight;
    return place * whole < passed;
  });
  // Rounding may leave the very end to nobody.
  const last = found ?? arms.findLast(({ weight }) => weight > 0);
  if (!last) throw new Error(`the experiment ${named} has no arm with a weight`);
  return last;
}
