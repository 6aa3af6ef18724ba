import type { Table } from '../../../emulators/board/view/protocol.ts';
import { FAILURE_REASONS } from '../../../shared/errors.ts';
import { FUNCTIONS } from '../../../shared/pipeline.ts';
import { ask } from '../parts/api.ts';
import { dataTable, tableSummary } from '../parts/data-table.ts';
import { el } from '../parts/dom.ts';
import { cellText } from '../parts/format.ts';
import { type FailureRow, failureEntry } from './failure-entry.ts';
import type { View } from './view.ts';

interface Failures {
  readonly counts: Table;
  readonly failures: Table;
  readonly replayable: boolean;
}

/** Failed events with their payloads, and their replay. */
export function makeFailuresView(): View {
  const reason = choice('reason', FAILURE_REASONS);
  const place = choice(
    'function',
    FUNCTIONS.map(({ name }) => name),
  );
  const text = el('input', { name: 'text', id: 'failed-text', type: 'search', autocomplete: 'off' });
  const all = el('button', { type: 'button', disabled: '' }, 'Replay those shown');
  const form = el(
    'form',
    { class: 'ask' },
    el('label', { for: 'failed-reason' }, 'Reason'),
    reason,
    el('label', { for: 'failed-function' }, 'Function'),
    place,
    el('label', { for: 'failed-text' }, 'Holds'),
    text,
    el('button', { type: 'submit' }, 'Show'),
    all,
  );
  const state = el('p', { role: 'status', class: 'status' });
  const counts = el('div', {});
  const list = el('div', { class: 'failures' });
  let ids: readonly string[] = [];
  let entries: ReadonlyMap<string, HTMLElement> = new Map();
  let looks = 0;
  let acts = 0;
  const say = (message: string): void => {
    state.textContent = message;
  };
  /** Says that something begins, and answers how its end is said: not over what was begun since. */
  const begin = (message: string): ((end: string) => void) => {
    const act = ++acts;
    say(message);
    return (end) => {
      if (act === acts) say(end);
    };
  };

  const show = async (): Promise<void> => {
    const look = ++looks;
    const end = begin('Looking …');
    try {
      const query = new URLSearchParams({ reason: reason.value, function: place.value, text: text.value });
      const found = await ask<Failures>(`/api/failures?${query}`);
      if (look !== looks) return;
      counts.replaceChildren(dataTable(found.counts, 'Failures by function and reason'));
      const rows = found.failures.rows.map((row) => record(found.failures.columns, row));
      ids = rows.map(({ failed_id = '' }) => failed_id);
      all.disabled = !found.replayable || ids.length === 0;
      end(rows.length === 0 ? 'Nothing has failed that fits.' : tableSummary(found.failures));
      const options = { replayable: found.replayable, onReplay: replayOne, onRefused: say };
      // A row that is as it was keeps its entry, and with it what somebody is writing there.
      entries = new Map(
        rows.map((row) => {
          const key = JSON.stringify([found.replayable, row]);
          return [key, entries.get(key) ?? failureEntry(row, options)];
        }),
      );
      list.replaceChildren(...entries.values());
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
    }
  };
  const replay = async (failedIds: readonly string[], mended?: object): Promise<void> => {
    const end = begin(`Replaying ${failedIds.length} …`);
    try {
      const order = { failed_ids: failedIds, ...(mended === undefined ? {} : { mended }) };
      const { message } = await ask<{ readonly message: string }>('/api/failures/replay', order);
      end(message);
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
    }
  };
  const replayOne = (failedId: string, mended?: object): void => void replay([failedId], mended);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void show();
  });
  all.addEventListener('click', () => void replay(ids));
  return {
    name: 'failed',
    label: 'Failed events',
    element: el(
      'section',
      { 'aria-label': 'Failed events' },
      el('div', { class: 'card' }, counts),
      el('div', { class: 'card' }, form, state, list),
    ),
    show: () => void show(),
  };
}

function record(columns: readonly string[], row: readonly unknown[]): FailureRow {
  return Object.fromEntries(columns.map((name, index) => [name, cellText(row[index])]));
}

function choice(name: string, values: readonly string[]): HTMLSelectElement {
  const options = values.map((value) => el('option', { value }, value));
  return el('select', { name, id: `failed-${name}` }, el('option', { value: '' }, 'any'), ...options);
}
