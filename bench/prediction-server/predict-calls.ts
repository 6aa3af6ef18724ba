import { readTestCases } from '../../model/sessions-file.ts';
import { aisleSessions } from '../../test/model/sessions.ts';

/** A request as autocannon takes it. */
export interface PredictCall {
  readonly method: 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const CALLS = 5000;
const MOST_ITEMS = 50;

/** Predict calls of one instance each for the sessions of a test file, or for generated ones; clicks a minute apart. */
export async function predictCalls(testFile: string | undefined): Promise<PredictCall[]> {
  const calls: PredictCall[] = [];
  const sessions =
    testFile === undefined
      ? aisleSessions(CALLS, 2).map(({ items }) => ({ prefix: items }))
      : readTestCases(testFile, 'srgnn');
  for await (const { prefix } of sessions) {
    calls.push(callFor(prefix));
    if (calls.length === CALLS) break;
  }
  return calls;
}

function callFor(prefix: readonly string[]): PredictCall {
  const items = prefix
    .slice(-MOST_ITEMS)
    .reverse()
    .map((item_id, at) => ({
      item_id,
      event_name: 'view_item',
      event_time: new Date(Date.UTC(2026, 0, 1) - at * 60_000).toISOString(),
    }));
  return {
    method: 'POST',
    path: '/predict',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ instances: [{ items }] }),
  };
}
