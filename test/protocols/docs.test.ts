import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { SEGMENT_NAMES } from '../../functions/ingest/mapping/segment-names.ts';
import { ECOMMERCE_ACTIONS } from '../../functions/ingest/mapping/snowplow-names.ts';
import { EVENT_NAMES } from '../../shared/events.ts';

const canonical: ReadonlySet<string> = new Set(EVENT_NAMES.map((name) => name.replaceAll('_', ' ')));

/** The rows of a page's tables, in lower case: the first cell to the second. */
async function rowsOf(page: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(new URL(`../../docs/protocols/${page}.md`, import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  return new Map(
    rows.map((line) => {
      const [, first = '', second = ''] = line.split('|').map((cell) => cell.trim().replaceAll('`', ''));
      return [first.toLowerCase(), second];
    }),
  );
}

describe('the pages of the protocols tell what the tables in the code do', () => {
  test('Segment', async () => {
    const rows = await rowsOf('segment');
    const names = [...SEGMENT_NAMES].filter(([name]) => !canonical.has(name));
    expect(names.length).toBeGreaterThan(15);
    for (const [name, event] of names) expect([name, rows.get(name)]).toEqual([name, event]);
  });

  test('Snowplow', async () => {
    const rows = await rowsOf('snowplow');
    for (const [type, event] of ECOMMERCE_ACTIONS) {
      expect([type, rows.get(String(type))]).toEqual([type, event]);
    }
  });
});
