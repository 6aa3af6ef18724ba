import uPlot from 'uplot';

/** A line of a chart. */
export interface Line {
  readonly label: string;
  /** A colour of page.css, as `--line-1`. */
  readonly color: string;
}

export interface Chart {
  readonly element: HTMLElement;
  /** Draws points: seconds since 1970, then one list of values for each line. */
  draw(seconds: readonly number[], values: readonly (readonly (number | null)[])[]): void;
  /** Takes the width it has now, and the colours of the scheme that is on. */
  fit(): void;
}

const HEIGHT = 168;

const SCALES: Readonly<Record<'linear' | 'log', uPlot.Scale>> = {
  linear: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] },
  log: { distr: 3, range: (_plot, _min, max) => [1, Math.max(10, max * 1.5)] },
};

/** A chart over time by uPlot, its values written by `format`. On a `log` scale what is less than 1 is drawn as 1. */
export function makeChart(
  title: string,
  lines: readonly Line[],
  format: (value: number) => string,
  scale: 'linear' | 'log' = 'linear',
): Chart {
  const element = document.createElement('figure');
  element.className = 'chart';
  const heading = document.createElement('figcaption');
  heading.textContent = title;
  const place = document.createElement('div');
  element.append(heading, place);
  let plot: uPlot | undefined;
  let data: uPlot.AlignedData = [[], ...lines.map(() => [])];

  const axis = (): uPlot.Axis => ({
    stroke: colour('--muted'),
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui',
  });
  const make = (): uPlot =>
    new uPlot(
      {
        width: Math.max(200, place.clientWidth),
        height: HEIGHT,
        cursor: { drag: { x: false, y: false } },
        legend: { live: true },
        scales: { y: SCALES[scale] },
        axes: [
          { ...axis(), space: 80, values: (_plot, splits) => splits.map(clock) },
          {
            ...axis(),
            size: 52,
            values: (_plot, splits) => splits.map((split) => (split === null ? '' : format(split))),
          },
        ],
        series: [
          {},
          ...lines.map(({ label, color }) => ({
            label,
            stroke: colour(color),
            width: 1.5,
            points: { show: false },
            value: (_plot: uPlot, value: number | null) => (value === null ? '–' : format(value)),
          })),
        ],
      },
      data,
      place,
    );

  return {
    element,
    draw(seconds, values) {
      const drawn = (value: number | null) =>
        value === null || scale === 'linear' ? value : Math.max(1, value);
      data = [[...seconds], ...values.map((each) => each.map(drawn))];
      if (plot) plot.setData(data);
      else if (place.clientWidth > 0) plot = make();
    },
    fit() {
      if (place.clientWidth === 0) return;
      plot?.destroy();
      plot = make();
    },
  };
}

function clock(seconds: number): string {
  return new Date(seconds * 1000).toTimeString().slice(0, 8);
}

/** A colour of page.css as the scheme that is on has it: a canvas does not know variables. */
function colour(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
