import type { FlowSnapshot } from '../../../emulators/board/view/protocol.ts';
import { FUNCTIONS } from '../../../shared/pipeline.ts';
import { type Chart, makeChart } from '../parts/chart.ts';
import { duration, short } from '../parts/format.ts';
import { waitingFor } from './figures.ts';

/** The last five minutes. */
export interface FlowCharts {
  readonly elements: readonly HTMLElement[];
  /** Begins anew from what the server remembers. */
  restart(history: readonly FlowSnapshot[]): void;
  /** Draws a snapshot, one a second at most. */
  add(snapshot: FlowSnapshot): void;
  /** Makes charts fit the page as it is now. */
  fit(): void;
}

const MOST = 300;
const COLOURS = 10;

type Values = (snapshot: FlowSnapshot) => readonly (number | null)[];

export function makeFlowCharts(): FlowCharts {
  const stages = FUNCTIONS.map(({ name }, index) => ({
    label: name,
    color: `--line-${(index % COLOURS) + 1}`,
  }));
  const charts: readonly { readonly chart: Chart; readonly values: Values }[] = [
    {
      chart: makeChart('Events a second', stages, short),
      values: (snapshot) => FUNCTIONS.map(({ name }) => snapshot.stages[name]?.rate ?? null),
    },
    {
      chart: makeChart(
        'Click to screen',
        [
          { label: 'p50', color: '--line-1' },
          { label: 'p95', color: '--line-5' },
        ],
        duration,
      ),
      values: ({ screen }) => [screen.p50, screen.p95],
    },
    {
      chart: makeChart('Time of a batch, p95', stages, duration, 'log'),
      values: (snapshot) => FUNCTIONS.map(({ name }) => snapshot.stages[name]?.p95 ?? null),
    },
    {
      chart: makeChart('Messages waiting', stages, short),
      values: (snapshot) => FUNCTIONS.map((spec) => waitingFor(spec, snapshot)?.backlog ?? null),
    },
  ];
  let shown: readonly FlowSnapshot[] = [];
  const draw = (): void => {
    const seconds = shown.map(({ at }) => at / 1000);
    for (const { chart, values } of charts) {
      const points = shown.map(values);
      const lines = (points[0] ?? []).map((_, line) => points.map((point) => point[line] ?? null));
      chart.draw(seconds, lines);
    }
  };
  return {
    elements: charts.map(({ chart }) => chart.element),
    restart(history) {
      shown = history.slice(-MOST);
      if (shown.length > 0) draw();
    },
    add(snapshot) {
      const last = shown.at(-1);
      if (last && snapshot.at - last.at < 1000) return;
      shown = [...shown, snapshot].slice(-MOST);
      draw();
    },
    fit: () => {
      for (const { chart } of charts) chart.fit();
    },
  };
}
