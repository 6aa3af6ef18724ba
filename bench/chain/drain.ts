import pLimit from 'p-limit';
import { encodeBatches } from '../../shared/message.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { asRaw, clicksOfNow } from '../tools/clicks.ts';
import { type BenchStack, processorTimes, usedBetween } from '../tools/stack.ts';

/** What it took until the last of some events had come to its end, everywhere. */
export interface Drained {
  readonly events: number;
  /** By the clock. */
  readonly seconds: number;
  /** Seconds of processor time, by name. */
  readonly functions: ReadonlyMap<string, number>;
  readonly emulators: ReadonlyMap<string, number>;
}

const REQUEST_EVENTS = 20;
const REQUESTS_AT_A_TIME = 16;
const MESSAGES_AT_A_TIME = 200;

/** Sends events by HTTP as fast as ingest takes them. */
export function drainClicks(
  bench: BenchStack,
  { events, seed }: { readonly events: number; readonly seed: number },
): Promise<Drained> {
  const clicks = clicksOfNow(events, seed);
  const starts = Array.from({ length: Math.ceil(events / REQUEST_EVENTS) }, (_, at) => at * REQUEST_EVENTS);
  const limit = pLimit(REQUESTS_AT_A_TIME);
  return measure(bench, events, () =>
    Promise.all(starts.map((at) => limit(() => bench.ingest.send(clicks.slice(at, at + REQUEST_EVENTS))))),
  );
}

/** Puts events on `clickstream-raw`, so many in a message. */
export function drainMessages(
  bench: BenchStack,
  { events, batch, seed }: { readonly events: number; readonly batch: number; readonly seed: number },
): Promise<Drained> {
  const raw = asRaw(clicksOfNow(events, seed), Date.now());
  const messages = encodeBatches(raw, { batchEvents: batch, batchBytes: 256 * 1024 });
  const topic = bench.stores.pubsub.topic(TOPICS.raw);
  const limit = pLimit(MESSAGES_AT_A_TIME);
  return measure(bench, events, () =>
    Promise.all(messages.map(({ data }) => limit(() => topic.publishMessage({ data })))),
  );
}

/** @param send resolves when Pub/Sub has all of them */
export async function measure(
  { stack, drained }: BenchStack,
  events: number,
  send: () => Promise<unknown>,
): Promise<Drained> {
  const before = processorTimes(stack);
  const began = performance.now();
  await send();
  await drained();
  const seconds = (performance.now() - began) / 1000;
  const after = processorTimes(stack);
  return {
    events,
    seconds,
    functions: usedBetween(before.functions, after.functions),
    emulators: usedBetween(before.emulators, after.emulators),
  };
}

/** Events a second by the clock. */
export function rateOf({ events, seconds }: Drained): number {
  return events / seconds;
}

/** Milliseconds of processor time for an event, of all functions together. */
export function functionsMs({ events, functions }: Drained): number {
  return (sum(functions) / events) * 1000;
}

/** Of functions and emulators together. */
export function wholeMs({ events, functions, emulators }: Drained): number {
  return ((sum(functions) + sum(emulators)) / events) * 1000;
}

/** The emulator that used most, and the events a second it could take with a processor for itself. */
export function slowestEmulator({ events, emulators }: Drained): {
  readonly name: string;
  readonly rate: number;
} {
  const [name = 'none', seconds = Number.NaN] = [...emulators].toSorted((a, b) => b[1] - a[1])[0] ?? [];
  return { name, rate: events / seconds };
}

function sum(times: ReadonlyMap<string, number>): number {
  return [...times.values()].reduce((total, each) => total + each, 0);
}
