import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../shared/errors.ts';
import { loadSources, parseSource } from './sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'nextclick-sources-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a source that is wrong says where', () => {
  test.each([
    [
      'fields:\n  event_time: {column: a, as: datum}\n  colour: x\n',
      [/x.yaml:2:31: fields.event_time.as: /, /x.yaml:3:11: fields.colour: is not known/],
    ],
    [
      'fields:\n  event_time: {column: a, as: date}\n',
      [/x.yaml:2:\d+: fields.event_time.format: goes with as: date/],
    ],
    ['items:\n - item_id: 5\n', [/x.yaml:2:13: items.0.item_id: must be a column, a list/]],
    ['fields: [', [/x.yaml:1:\d+: /]],
    ['format: {encoding: klingon}', [/x.yaml:1:20: format.encoding: is no encoding/]],
    ['fields: {event_time: {column: a, as: iso, zone: Mars/X}}', [/zone Mars\/X is not known/]],
    ['fields: {value: "a[b].c"}', [/"a\[b\].c" is no path/]],
  ])('%j', (yaml, messages) => {
    const parse = () => parseSource('x', yaml, 'x.yaml');
    expect(parse).toThrow(ConfigError);
    for (const message of messages) expect(parse).toThrow(message);
  });

  test('every file of a folder that is wrong is named', () => {
    const place = mkdtempSync(join(folder, 'several-'));
    writeFileSync(join(place, 'a.yaml'), 'colour: 1');
    writeFileSync(join(place, 'B.yaml'), '');
    writeFileSync(join(place, 'c.yaml'), 'records: native');
    expect(() => loadSources(place)).toThrow(/B\.yaml[\s\S]*a\.yaml/);
    expect(() => loadSources(join(folder, 'absent'))).toThrow(/cannot be read/);
  });
});
