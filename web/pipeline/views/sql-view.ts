import type { Table } from '../../../emulators/board/view/protocol.ts';
import { READY_QUERIES } from '../../../emulators/board/view/ready-queries.ts';
import { ask } from '../parts/api.ts';
import { dataTable, tableSummary } from '../parts/data-table.ts';
import { el } from '../parts/dom.ts';
import type { View } from './view.ts';

/** A box for queries on the warehouse, with some to begin with. */
export function makeSqlView(): View {
  const box = el('textarea', { id: 'sql', name: 'sql', rows: '9', spellcheck: 'false', required: '' });
  const run = el('button', { type: 'submit' }, 'Run');
  const state = el(
    'p',
    { role: 'status', class: 'status' },
    'Reads only; the first 500 rows; Ctrl+Enter runs.',
  );
  const result = el('div', {});
  const ready = READY_QUERIES.map(({ name, sql }) => {
    const button = el('button', { type: 'button', class: 'quiet' }, name);
    button.addEventListener('click', () => {
      box.value = sql;
      form.requestSubmit();
    });
    return button;
  });
  const form = el(
    'form',
    {},
    el('div', { class: 'ask', role: 'group', 'aria-label': 'Ready queries' }, ...ready),
    el('label', { for: 'sql' }, 'Query, in GoogleSQL'),
    box,
    el('p', { class: 'actions' }, run),
  );
  box.value = READY_QUERIES[0]?.sql ?? '';
  let turn = 0;
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void (async () => {
      const mine = ++turn;
      run.disabled = true;
      state.textContent = 'Running …';
      try {
        const table = await ask<Table>('/api/query', { sql: box.value });
        // A ready query may have been chosen meanwhile.
        if (turn !== mine) return;
        result.replaceChildren(dataTable(table, 'Result'));
        state.textContent = tableSummary(table);
      } catch (error) {
        if (turn !== mine) return;
        result.replaceChildren();
        state.textContent = error instanceof Error ? error.message : String(error);
      }
      run.disabled = false;
    })();
  });
  return {
    name: 'sql',
    label: 'SQL',
    element: el('section', { 'aria-label': 'SQL' }, el('div', { class: 'card' }, form, state, result)),
  };
}
