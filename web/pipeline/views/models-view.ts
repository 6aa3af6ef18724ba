import type { ShownModel } from '../../../emulators/board/view/models.ts';
import type { Table } from '../../../emulators/board/view/protocol.ts';
import { ask } from '../parts/api.ts';
import { dataTable } from '../parts/data-table.ts';
import { el } from '../parts/dom.ts';
import { whole } from '../parts/format.ts';
import type { View } from './view.ts';

interface Models {
  readonly models: readonly ShownModel[];
  readonly clicks: Table;
}

const AGAIN_MS = 10_000;

/** Model versions, what the gate said of each, and what shoppers made of them. */
export function makeModelsView(): View {
  const state = el('p', { role: 'status', class: 'status' });
  const clicks = el('div', {});
  const list = el('div', { class: 'models' });
  let timer = 0;
  let turn = 0;
  let drawn = '';

  const look = async (mine: number): Promise<void> => {
    try {
      const found = await ask<Models>('/api/models');
      if (turn !== mine) return;
      state.textContent = found.models.length === 0 ? 'No model has been trained yet.' : '';
      clicks.replaceChildren(dataTable(found.clicks, 'Clicks by model version'));
      const now = JSON.stringify(found.models);
      if (now !== drawn) list.replaceChildren(...found.models.map(card));
      drawn = now;
    } catch (error) {
      if (turn !== mine) return;
      state.textContent = error instanceof Error ? error.message : String(error);
    }
    timer = window.setTimeout(() => void look(mine), AGAIN_MS);
  };
  const stop = (): void => {
    turn += 1;
    clearTimeout(timer);
  };
  return {
    name: 'models',
    label: 'Models',
    element: el(
      'section',
      { 'aria-label': 'Models' },
      el('div', { class: 'card' }, el('h2', {}, 'What shoppers clicked, by version'), clicks),
      el('div', { class: 'card' }, el('h2', {}, 'Versions and their gate'), state, list),
    ),
    show: () => {
      stop();
      void look(turn);
    },
    hide: stop,
  };
}

function card(model: ShownModel): HTMLElement {
  const { model_version, state, built_at, changed_at, method, counts, metrics, report } = model;
  const judged = Object.entries(metrics).flatMap(([who, figures]) => (figures ? [{ who, figures }] : []));
  const names = [...new Set(judged.flatMap(({ figures }) => Object.keys(figures)))];
  const rows = judged.map(({ who, figures }) => [
    who,
    ...names.map((name) => rounded(Reflect.get(figures, name))),
  ]);
  return el(
    'article',
    { class: `model ${state}` },
    el('h3', {}, model_version, ' ', el('span', { class: 'badge' }, state)),
    el(
      'p',
      { class: 'muted' },
      `${method}, of ${whole(counts.sessions)} sessions, ${whole(counts.clicks)} clicks and ${whole(counts.items)} items; built ${built_at}, ${state} since ${changed_at}`,
    ),
    ...(rows.length > 0
      ? [dataTable({ columns: ['judged', ...names], rows, cut: false, ms: 0 }, `Gate of ${model_version}`)]
      : []),
    el('ul', {}, ...report.map((line) => el('li', {}, line))),
  );
}

function rounded(value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
