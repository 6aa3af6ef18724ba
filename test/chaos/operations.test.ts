import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alertPolicies } from '../../infra/monitoring/alerts.ts';
import { renderFaults } from './fault-table.ts';

const PAGE = new URL('../../docs/operations.md', import.meta.url);
const TABLE = /(<!-- faults: [^\n]*-->\n)[\s\S]*?(<!-- \/faults -->)/;

describe('docs/operations.md', () => {
  test('has the table of faults as the tests hold it; UPDATE_DOCS=1 writes it', () => {
    const page = readFileSync(PAGE, 'utf8');
    const rendered = page.replace(
      TABLE,
      (_all, begin: string, end: string) => `${begin}${renderFaults()}\n${end}`,
    );
    if (process.env.UPDATE_DOCS) writeFileSync(PAGE, rendered);
    expect(readFileSync(PAGE, 'utf8')).toBe(rendered);
    expect(rendered).toContain(renderFaults());
  });

  test('has a runbook for every alert, and none for others: what it means, how to see it, what to do', () => {
    const runbooks = readFileSync(PAGE, 'utf8')
      .split(/^### /m)
      .slice(1)
      .map((text) => text.split(/^## /m)[0] ?? '');
    const named = runbooks.map((text) => /^`([^`]+)`/.exec(text)?.[1]);
    expect(named.toSorted()).toEqual(Object.keys(alertPolicies()).toSorted());
    for (const runbook of runbooks) {
      for (const part of ['**Means**', '**See**', '**Do**']) expect(runbook).toContain(part);
    }
  });
});
