import { Hono } from 'hono';
import { DISORDERS, type Disorder, FaultSettings } from './fault.ts';
import type { Faults } from './faults.ts';

const PATH = '/_emulator/faults';
const EXAMPLE =
  '{"methods": ["Commit"], "rate": 0.5, "code": "UNAVAILABLE", "times": 3, "latency_ms": 100, "hang": true, "reset": true}';

/**
 * `GET` and `POST /_emulator/faults`: the same for every emulator. `POST` replaces what goes wrong, and `{}` heals; `GET` tells
 * it, and how often it struck.
 * @param has which faults of what is delivered or stored the emulator knows
 */
export function faultRoutes(faults: Faults, has: readonly Disorder[] = []): Hono {
  const app = new Hono();
  app.get(PATH, (context) => context.json({ faults: faults.settings, struck: faults.struck }));
  app.post(PATH, async (context) => {
    const parsed = FaultSettings.safeParse(await context.req.json().catch(() => undefined));
    const stranger = parsed.data && DISORDERS.find((kind) => !has.includes(kind) && asks(parsed.data, kind));
    if (!parsed.success || stranger) {
      const why = stranger ? `This emulator has no "${stranger}"` : parsed.error?.issues[0]?.message;
      const words = [EXAMPLE, ...has.map((kind) => `"${kind}"`)].join(', ');
      const message = `${why}. A fault, or a list of them, is like ${words}; none is required, and {} heals.`;
      return context.json({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }, 400);
    }
    faults.set(parsed.data);
    return context.json({ faults: faults.settings });
  });
  return app;
}

function asks(settings: FaultSettings, kind: Disorder): boolean {
  return settings.some((fault) => fault[kind] !== undefined);
}
