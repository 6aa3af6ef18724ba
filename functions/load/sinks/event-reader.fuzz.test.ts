import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RawEvent } from '../../../shared/events.ts';
import { decoder, jsonParser } from '../formats/parse-record.ts';
import { makeSource } from '../source.ts';
import { loadSources } from '../sources.ts';
import type { EventJson } from './batch-publisher.ts';
import { makeEventReader } from './event-reader.ts';

const native = loadSources().get('native') ?? makeSource('missing', { records: 'native' } as never);
const read = makeEventReader({
  source: native,
  uri: 'gs://inbox/native/x.ndjson',
  file: 'x.ndjson',
  collector: { received_at: '2026-11-21T00:00:00.000Z', protocol: 'load:native', origin: 'live' },
});
const parse = jsonParser(decoder());
const parseUtf16 = jsonParser(decoder('utf-16le'));
const parseLatin = jsonParser(decoder('windows-1252'));

function textOf({ text, length, end }: EventJson): string {
  return text.toString('utf8', 0, length) + end.toString();
}

const text = fc.string({ unit: 'binary', maxLength: 20 });
const known = {
  event_name: fc.constantFrom('view_item', 'purchase'),
  event_time: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T01:00:00.5+02:00'),
  anonymous_id: fc.string({ minLength: 1, maxLength: 8 }),
  event_id: fc.string({ minLength: 1, maxLength: 8 }),
};
const record = fc.record(
  {
    ...known,
    value: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    search_term: text,
    items: fc.array(
      fc.record({ item_id: fc.string({ minLength: 1, maxLength: 5 }), shelf: fc.jsonValue({ maxDepth: 2 }) }),
      {
        maxLength: 3,
      },
    ),
    page: fc.record({ url: text, title: text, scroll: fc.integer() }, { requiredKeys: ['url'] }),
    properties: fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 }),
    collector: fc.constant({ protocol: 'forged' }),
    shelf: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ['event_name', 'event_time', 'anonymous_id'] },
);

test('the text of an event says what the event says, whether it was written anew or stands in the file', () => {
  let asItStood = 0;
  fc.assert(
    fc.property(fc.oneof(record, fc.record(known)), fc.constantFrom(0, 2), (fields, indent) => {
      const line = JSON.stringify(fields, undefined, indent);
      const row = parse({ offset: 0, line: 1, bytes: Buffer.from(` ${line}\r`) });
      const result = row && read(row);
      if (!result || 'failure' in result) throw new Error(`refused: ${JSON.stringify(result)}`);
      const text = textOf(result.json);
      expect(RawEvent.parse(JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(result.event)));
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(result.event)));
      if (text.startsWith(line.slice(0, -1))) asItStood += 1;
    }),
  );
  expect(asItStood).toBeGreaterThan(0);
});

test.each([
  ['UTF-16', parseUtf16, 'utf16le'],
  ['Windows-1252', parseLatin, 'latin1'],
] as const)('an event of a file in %s is written in UTF-8', (_name, parseText, encoding) => {
  const fields = { event_id: 'e', event_name: 'view_item', event_time: '2026-01-01T00:00:00Z' };
  const line = JSON.stringify({ ...fields, anonymous_id: 'Grüße' });
  const row = parseText({ offset: 0, line: 1, bytes: Buffer.from(line, encoding) });
  const result = row && read(row);
  expect(result).toHaveProperty('json');
  if (result && 'json' in result) {
    expect(JSON.parse(textOf(result.json))).toMatchObject({ anonymous_id: 'Grüße' });
  }
});
