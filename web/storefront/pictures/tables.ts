import { area, bar, box, type Drawing, each, oval, shadow } from './shapes.ts';

const table: Drawing = ({ base, dark, light, accent }, vary) =>
  shadow(140) +
  each([92, 308], (x) => bar(x, 206, x + (x < 200 ? -12 : 12), 328, 13, dark)) +
  box(52, 184, 296, 24, vary < 0.5 ? 12 : 4, base) +
  box(52, 184, 296, 8, 4, light) +
  area('M184 184L190 138H214L220 184Z', accent) +
  bar(202, 138, 192, 96, 4, dark) +
  bar(204, 138, 222, 102, 4, dark) +
  oval(190, 92, 11, 15, light) +
  oval(225, 98, 10, 14, light);

const desk: Drawing = ({ base, dark, light, accent }) =>
  shadow(144) +
  bar(82, 206, 74, 328, 12, dark) +
  box(234, 204, 92, 116, 6, dark) +
  each([212, 248, 284], (y) => box(240, y, 80, 30, 4, base) + box(270, y + 12, 20, 5, 2, light)) +
  box(54, 184, 292, 22, 6, base) +
  box(54, 184, 292, 7, 3, light) +
  box(96, 142, 72, 40, 4, accent) +
  box(126, 180, 12, 6, 1, dark);

const sideTable: Drawing = ({ base, dark, light, accent }, vary) =>
  shadow(72) +
  bar(200, 204, 200, 318, 14, dark) +
  (vary < 0.5
    ? oval(200, 322, 58, 11, dark)
    : bar(200, 300, 150, 328, 9, dark) + bar(200, 300, 250, 328, 9, dark)) +
  oval(200, 202, 104, 22, base) +
  oval(200, 196, 104, 20, light) +
  box(178, 150, 44, 40, 10, accent) +
  oval(200, 150, 22, 6, base);

const console_: Drawing = ({ base, dark, light, accent }) =>
  shadow(140) +
  each([86, 314], (x) => bar(x, 190, x, 328, 10, dark)) +
  box(66, 182, 268, 54, 8, base) +
  each([76, 206], (x) => box(x, 194, 118, 34, 5, light) + oval(x + 59, 211, 5, 5, dark)) +
  bar(92, 302, 308, 302, 8, dark) +
  oval(258, 104, 52, 52, accent) +
  oval(258, 104, 42, 42, light) +
  box(104, 148, 60, 12, 3, dark) +
  box(110, 160, 54, 12, 3, accent) +
  box(102, 172, 64, 11, 3, light);

export const tables: Readonly<Record<string, Drawing>> = {
  Table: table,
  Desk: desk,
  'Side Table': sideTable,
  Console: console_,
};
