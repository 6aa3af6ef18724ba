import { expect, test } from 'vitest';
import { recordOf } from './fixtures.ts';
import { historyTable } from './history-table.ts';

test('a model a line, newest first, with figures and reasons in columns', () => {
  const models = [
    recordOf('20261121T1', { state: 'rejected', report: ['MRR@20 fell', 'few items'], metrics: {} }),
    recordOf('v1', { state: 'live' }),
  ];
  expect(historyTable(models).split('\n')).toEqual([
    'version     state     since             method  HR@20   MRR@20  sessions  items',
    '20261121T1  rejected  2026-11-21 12:00  hidden  –       –       100       30     MRR@20 fell; few items',
    'v1          live      2026-11-21 12:00  hidden  0.5000  0.2500  100       30     passes',
    '',
  ]);
});

test('before the first model it says what to do', () => {
  expect(historyTable([])).toMatch(/No model was trained yet/);
});
