import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { putFiles } from './files.ts';
import { makeJourneys } from './journeys.ts';

test('every event of the files is in one of them, in order, and every other file is compressed', async () => {
  const { steps } = makeJourneys({ seed: 5, events: 95, end: Date.UTC(2026, 10, 21, 12) });
  const put = new Map<string, Buffer>();
  const inbox = {
    file: (name: string) => ({ save: async (content: Buffer) => void put.set(name, content) }),
  };
  await putFiles({ steps, inbox, seconds: 0 });
  expect([...put.keys()].filter((name) => name.endsWith('.gz'))).toHaveLength(5);
  const lines = [...put].flatMap(([name, content]) =>
    (name.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8').split('\n'),
  );
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    steps.map(({ event }) => JSON.parse(JSON.stringify(event)) as unknown),
  );
});
