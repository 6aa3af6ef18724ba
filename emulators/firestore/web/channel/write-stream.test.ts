import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeMemoryBackend } from '../../memory/memory-backend.ts';
import { makeWriteStream } from './write-stream.ts';

const DATABASE = 'projects/demo-web/databases/(default)';
const NAME = `${DATABASE}/documents/a/b`;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('closes a channel on which nothing is written, and takes no write after', async () => {
  const backend = makeMemoryBackend();
  const [sent, closed]: [unknown[], string[]] = [[], []];
  const outlet = {
    send: (message: unknown) => void sent.push(message),
    close: () => void closed.push('closed'),
    end: () => void closed.push('ended'),
  };
  const stream = makeWriteStream({ backend, database: DATABASE, access: undefined }, outlet);
  const write = (n: string) => ({ writes: [{ update: { name: NAME, fields: { n: { integerValue: n } } } }] });
  await stream.take({ database: DATABASE });
  vi.advanceTimersByTime(1_500);
  await stream.take(write('1'));
  vi.advanceTimersByTime(1_500);
  expect(closed).toEqual([]);
  expect(sent).toMatchObject([{ streamId: '0' }, { writeResults: [{}] }]);
  vi.advanceTimersByTime(1_000);
  expect(closed).toEqual(['closed', 'ended']);
  await stream.take(write('2'));
  expect(sent).toHaveLength(2);
  expect((await backend.get([NAME])).documents[0]?.fields.get('n')).toEqual({ kind: 'integer', value: 1n });
});
