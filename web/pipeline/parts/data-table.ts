import type { Table } from '../../../emulators/board/view/protocol.ts';
import { el } from './dom.ts';
import { cellText, duration, whole } from './format.ts';

/** A query's rows as a table that scrolls in itself; numbers stand right. */
export function dataTable(table: Table, caption: string): HTMLElement {
  if (table.rows.length === 0) return el('p', { class: 'empty' }, 'No rows.');
  const numeric = table.columns.map((_, index) => table.rows.every((row) => isNumber(row[index])));
  const cell = (name: 'td' | 'th', index: number, text: string): HTMLElement =>
    el(name, { ...(numeric[index] ? { class: 'n' } : {}), ...(name === 'th' ? { scope: 'col' } : {}) }, text);
  const head = table.columns.map((column, index) => cell('th', index, column));
  const rows = table.rows.map((row) =>
    el('tr', {}, ...row.map((value, index) => cell('td', index, cellText(value)))),
  );
  return el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    el(
      'table',
      {},
      el('caption', { class: 'hidden' }, caption),
      el('thead', {}, el('tr', {}, ...head)),
      el('tbody', {}, ...rows),
    ),
  );
}

/** How much a query gave, in words. */
export function tableSummary({ rows, cut, ms }: Table): string {
  return `${cut ? `the first ${whole(rows.length)} rows` : `${whole(rows.length)} row${rows.length === 1 ? '' : 's'}`} in ${duration(ms)}`;
}

function isNumber(value: unknown): boolean {
  return value === null || (value !== '' && Number.isFinite(Number(value)) && typeof value !== 'boolean');
}
