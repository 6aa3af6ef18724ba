import type { FlowSnapshot } from '../../../emulators/board/view/protocol.ts';
import { FUNCTIONS } from '../../../shared/pipeline.ts';
import { el, setText } from '../parts/dom.ts';
import { duration, rate, whole } from '../parts/format.ts';
import { waitingFor } from './figures.ts';

const HEADS = [
  'events/s',
  'in',
  'out',
  'failed',
  'retried',
  'restarts',
  'p50',
  'p95',
  'waiting',
  'oldest',
  'dead letters',
];

/** Every figure of every function: the picture, for reading. */
export interface StageTable {
  readonly element: HTMLElement;
  update(snapshot: FlowSnapshot): void;
}

export function makeStageTable(): StageTable {
  const rows = FUNCTIONS.map((spec) => {
    const cells = HEADS.map(() => el('td', { class: 'n' }));
    const head = el('th', { scope: 'row', title: spec.summary }, spec.name);
    return { spec, cells, row: el('tr', {}, head, ...cells) };
  });
  const heads = HEADS.map((text) => el('th', { scope: 'col', class: 'n' }, text));
  const element = el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Figures of each function' },
    el(
      'table',
      {},
      el('caption', { class: 'hidden' }, 'Figures of each function'),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'function'), ...heads)),
      el('tbody', {}, ...rows.map(({ row }) => row)),
    ),
  );
  return {
    element,
    update(snapshot) {
      for (const { spec, cells } of rows) {
        const stage = snapshot.stages[spec.name];
        if (!stage) continue;
        const queue = waitingFor(spec, snapshot);
        const texts = [
          rate(stage.rate),
          ...[stage.in, stage.out, stage.failed, stage.redelivered].map(whole),
          stage.restarts === null ? '–' : whole(stage.restarts),
          duration(stage.p50),
          duration(stage.p95),
          queue ? whole(queue.backlog) : '–',
          queue ? duration(queue.oldestSeconds * 1000) : '–',
          queue ? whole(queue.deadLettered) : '–',
        ];
        texts.forEach((text, index) => {
          const cell = cells[index];
          if (cell) setText(cell, text);
        });
        cells[3]?.classList.toggle('bad', stage.failed > 0);
        cells[10]?.classList.toggle('bad', (queue?.deadLettered ?? 0) > 0);
      }
    },
  };
}
