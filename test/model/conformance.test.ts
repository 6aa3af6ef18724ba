import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readSessions, readTestCases } from '../../model/sessions-file.ts';
import { makeVmisKnn } from './peers/vmis-knn.ts';
import { makeVsknn } from './peers/vsknn.ts';

/** Research sets that may not be distributed with the project: without them, these tests skip themselves. */
const DATA = process.env.NEXTCLICK_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

describe.skipIf(!existsSync(`${DATA}/serenade-toy`))('VMIS-kNN on serenade-toy', () => {
  it('agrees with the figures Serenade publishes: HR@20 .6402, MRR@20 .3277 over 931 predictions', async () => {
    const sessions = await Array.fromAsync(readSessions(`${DATA}/serenade-toy/train.txt.gz`, 'sessions'));
    sessions.sort((a, b) => (a.times?.at(-1) ?? 0) - (b.times?.at(-1) ?? 0));
    const predict = makeVmisKnn(sessions, { k: 50, m: 500, last: 2, idf: 1 });
    let cases = 0;
    let hits = 0;
    let reciprocal = 0;
    for await (const { prefix, next } of readTestCases(`${DATA}/serenade-toy/test.txt.gz`, 'sessions')) {
      cases++;
      const at = predict(prefix).slice(0, 20).indexOf(next);
      if (at < 0) continue;
      hits++;
      reciprocal += 1 / (at + 1);
    }
    expect(cases).toBe(931);
    // Ties between neighbours are broken by hash order there.
    expect(hits / cases).toBeCloseTo(0.6402, 2);
    expect(reciprocal / cases).toBeCloseTo(0.3277, 2);
  });
});

describe.skipIf(!existsSync(`${DATA}/rsc15-100k`))('V-SKNN on rsc15-100k', () => {
  it('gives the lists and scores that session-rec saved', async () => {
    const sessions = await Array.fromAsync(readSessions(`${DATA}/rsc15-100k/train.txt.gz`, 'sessions'));
    const predict = makeVsknn(sessions, {
      k: 500,
      sample: 5000,
      weighting: 'quadratic',
      matching: 'div',
      idf: 5,
    });
    const clicks = new Map<string, string[]>();
    for (const [session = '', item = ''] of rows('test.txt.gz', '\t'))
      clicks.set(session, [...(clicks.get(session) ?? []), item]);
    let lists = 0;
    let items = 0;
    let same = 0;
    let off = 0;
    for (const [session = '', position = '', list = '', scores = ''] of rows('recoms_vsknn.csv.gz', ';')) {
      const given = new Map(predict(clicks.get(session)?.slice(0, Number(position) + 1) ?? []));
      const saved = list.split(',');
      const expected = scores.split(',').map(Number);
      lists++;
      saved.forEach((item, at) => {
        if (expected[at] === 0) return; // padding, where fewer than 50 items have a score
        items++;
        if (given.has(item)) same++;
        if (Math.abs((given.get(item) ?? 0) - (expected[at] ?? 0)) > 1e-9) off++;
      });
    }
    expect(lists).toBe(387);
    expect(same).toBe(items);
    // Which of equally similar sessions is the 500th depends on Python's set order.
    expect(off / items).toBeLessThan(0.06);
  });
});

/** The lines of a gzipped table, without its header. */
function rows(file: string, separator: string): string[][] {
  const text = gunzipSync(readFileSync(`${DATA}/rsc15-100k/${file}`)).toString('utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(separator));
}
