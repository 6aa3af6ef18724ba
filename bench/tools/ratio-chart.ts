import type { Row } from './row.ts';

const WIDTH = 960;
const LEFT = 500;
const RIGHT = 130;
const TOP = 56;
const LINE = 22;
const BAR = 12;
/** Told apart by people of any colour vision (Okabe and Ito, 2008). */
const MET = '#0072b2';
const MISSED = '#d55e00';
/** The axis ends where a figure is so many times its aim, or falls short by as many. */
const FAR = 16;

/**
 * An SVG of rows that have an aim: how many times better or worse than its aim each ratio is, on a logarithmic axis; to the right of
 * the middle the aim is met.
 */
export function drawRatioChart(title: string, rows: readonly Row[]): string {
  const judged = rows.flatMap((row) => (row.aim === null ? [] : [{ row, times: timesOfAim(row, row.aim) }]));
  const height = TOP + judged.length * LINE + 24;
  const middle = x(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(WIDTH / 2, 20, title, 'middle', ' font-size="15"'),
    ...[1 / FAR, 1 / 4, 1, 4, FAR].flatMap((times) => [
      `<line x1="${at(x(times))}" x2="${at(x(times))}" y1="${TOP - 8}" y2="${height - 16}" stroke="${times === 1 ? '#000' : '#ddd'}"/>`,
      text(x(times), TOP - 14, nameOf(times), 'middle'),
    ]),
    ...judged.flatMap(({ row, times }, index) => {
      const y = TOP + index * LINE;
      const end = x(Math.min(FAR, Math.max(1 / FAR, times)));
      const colour = row.met ? MET : MISSED;
      return [
        text(LEFT - 12, y + BAR - 1, row.name, 'end'),
        `<rect x="${at(Math.min(middle, end))}" y="${y}" width="${at(Math.abs(end - middle))}" height="${BAR}" fill="${colour}"/>`,
        text(WIDTH - RIGHT + 14, y + BAR - 1, `${row.ratio} (aim ${row.aim})`, 'start'),
      ];
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** Above 1 where the aim is met. */
export function timesOfAim({ ratio, better }: Pick<Row, 'ratio' | 'better'>, aim: number): number {
  return better === 'more' ? ratio / aim : aim / ratio;
}

function x(times: number): number {
  const span = Math.log(FAR);
  return LEFT + (WIDTH - LEFT - RIGHT) * ((Math.log(times) + span) / (2 * span));
}

function nameOf(times: number): string {
  if (times === 1) return 'the aim';
  return times > 1 ? `${times} × better` : `${1 / times} × worse`;
}

function text(left: number, top: number, content: string, anchor: string, more = ''): string {
  return `<text x="${at(left)}" y="${at(top)}" text-anchor="${anchor}"${more}>${escaped(content)}</text>`;
}

function at(position: number): number {
  return Math.round(position * 10) / 10;
}

function escaped(content: string): string {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
