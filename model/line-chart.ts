/** Lines over named places on the x axis, evenly spaced. */
export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly places: readonly string[];
  readonly lines: readonly {
    readonly name: string;
    /** One for each place; undefined where there is none. */
    readonly values: readonly (number | undefined)[];
  }[];
}

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 64;
const RIGHT = 24;
const TOP = 48;
const BOTTOM = 96;
/** Told apart by people of any colour vision (Okabe and Ito, 2008), and by their dashes. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;
const DASHES = ['', '6 3', '2 3', '8 3 2 3', '', '6 3'] as const;

/** An SVG of a chart, for documents: black on white, readable without colour. The y axis begins at zero. */
export function drawLineChart({ title, xLabel, yLabel, places, lines }: LineChart): string {
  const top = roundUp(Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const x = (place: number): number =>
    LEFT + ((WIDTH - LEFT - RIGHT) * (place + 0.5)) / Math.max(1, places.length);
  const y = (value: number): number => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * value) / top;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(WIDTH / 2, 24, title, 'middle', ' font-size="16"'),
    ...ticks.flatMap((tick) => [
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(tick))}" y2="${at(y(tick))}" stroke="#ccc"/>`,
      text(LEFT - 8, y(tick) + 4, String(Number(tick.toPrecision(3))), 'end'),
    ]),
    ...places.map((place, i) => text(x(i), HEIGHT - BOTTOM + 20, place, 'middle')),
    text(WIDTH / 2, HEIGHT - BOTTOM + 42, xLabel, 'middle'),
    text(16, TOP - 12, yLabel, 'start'),
    ...lines.flatMap(({ name, values }, line) => [
      ...drawLine(values, x, y, line),
      ...drawKey(name, line, lines.length),
    ]),
    '</svg>',
    '',
  ].join('\n');
}

function drawLine(
  values: readonly (number | undefined)[],
  x: (place: number) => number,
  y: (value: number) => number,
  line: number,
): string[] {
  const points = values.flatMap((value, i) =>
    value === undefined ? [] : [[at(x(i)), at(y(value))] as const],
  );
  const colour = COLOURS[line % COLOURS.length];
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2"${dash(line)} points="${points.map((point) => point.join(',')).join(' ')}"/>`,
    ...points.map(([px, py]) => `<circle cx="${px}" cy="${py}" r="3" fill="${colour}"/>`),
  ];
}

function drawKey(name: string, line: number, count: number): string[] {
  const column = (WIDTH - LEFT - RIGHT) / Math.min(count, 2);
  const left = LEFT + (line % 2) * column;
  const height = HEIGHT - 34 + Math.floor(line / 2) * 18;
  return [
    `<line x1="${left}" x2="${left + 28}" y1="${height}" y2="${height}" stroke="${COLOURS[line % COLOURS.length]}" stroke-width="2"${dash(line)}/>`,
    text(left + 34, height + 4, name, 'start'),
  ];
}

function dash(line: number): string {
  const dashes = DASHES[line % DASHES.length];
  return dashes ? ` stroke-dasharray="${dashes}"` : '';
}

function text(x: number, y: number, content: string, anchor: string, more = ''): string {
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}"${more}>${escaped(content)}</text>`;
}

/** The next of 1, 2, 4, 6, 8, 10 times a power of ten. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return unit * ([1, 2, 4, 6, 8].find((step) => value <= step * unit) ?? 10);
}

function at(position: number): number {
  return Math.round(position * 10) / 10;
}

function escaped(content: string): string {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
