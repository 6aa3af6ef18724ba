import type { Fault } from '../../emulators/faults/fault.ts';
import type { Stack } from '../../emulators/stack.ts';
import type { Gust } from './storm-plan.ts';

/** What a storm did. */
export interface StormReport {
  readonly killed: number;
  readonly terminated: number;
  /** Calls that were struck, messages and rows that were disordered, by emulator. */
  readonly struck: Readonly<Record<string, number>>;
}

/** Lets a storm pass over a running stack, gust by gust; resolves once it is over, everything healed. */
export async function passStorm(
  plan: readonly Gust[],
  stack: Pick<Stack, 'functions' | 'emulators'>,
): Promise<StormReport> {
  const began = Date.now();
  const counts = { SIGKILL: 0, SIGTERM: 0 };
  for (const gust of plan) {
    const due = began + gust.atMs - Date.now();
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
    if (gust.kind === 'faults') await setFaults(stack, gust.emulator, gust.faults);
    else {
      const child = stack.functions.get(gust.function)?.child;
      if (child?.pid() === undefined) continue;
      child.kill(gust.signal);
      counts[gust.signal] += 1;
    }
  }
  const names = [...new Set(plan.flatMap((gust) => (gust.kind === 'faults' ? [gust.emulator] : [])))];
  const struck = await Promise.all(names.map(async (name) => [name, await struckOf(stack, name)] as const));
  return { killed: counts.SIGKILL, terminated: counts.SIGTERM, struck: Object.fromEntries(struck) };
}

/** Replaces what goes wrong in one emulator of a stack; no faults heal it. */
export async function setFaults(
  { emulators }: Pick<Stack, 'emulators'>,
  name: string,
  faults: readonly Fault[],
): Promise<void> {
  const response = await fetch(`${emulators.get(name)?.url}/_emulator/faults`, {
    method: 'POST',
    body: JSON.stringify(faults),
  });
  if (!response.ok) throw new Error(`the ${name} emulator took no faults: ${await response.text()}`);
}

async function struckOf({ emulators }: Pick<Stack, 'emulators'>, name: string): Promise<number> {
  const response = await fetch(`${emulators.get(name)?.url}/_emulator/faults`);
  return ((await response.json()) as { readonly struck: number }).struck;
}
