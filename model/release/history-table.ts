import type { ModelRecord } from './model-record.ts';

const COLUMNS = ['version', 'state', 'since', 'method', 'HR@20', 'MRR@20', 'sessions', 'items', ''] as const;

/** Models as a table for a terminal, newest first; the last column says why a model was passed or rejected. */
export function historyTable(models: readonly ModelRecord[]): string {
  if (models.length === 0) return 'No model was trained yet: publish to train-requests, or run npm start.\n';
  const rows = [COLUMNS, ...models.map(rowOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function rowOf({ model_version, state, changed_at, method, metrics, counts, report }: ModelRecord) {
  const { candidate } = metrics;
  return [
    model_version,
    state,
    changed_at.slice(0, 16).replace('T', ' '),
    method,
    candidate?.hr20.toFixed(4) ?? '–',
    candidate?.mrr20.toFixed(4) ?? '–',
    String(counts.sessions),
    String(counts.items),
    report.join('; '),
  ];
}
