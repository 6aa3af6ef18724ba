import { area, bar, box, type Drawing, each, oval, shadow, stroke } from './shapes.ts';

const vase: Drawing = ({ base, dark, light, accent }, vary) =>
  shadow(64) +
  each(
    [-34, 0, 32],
    (lean, at) =>
      stroke(`M200 176Q${200 + lean * 0.5} 130 ${200 + lean} ${88 - (at % 2) * 24}`, 4, '#5d7f5b') +
      oval(200 + lean, 80 - (at % 2) * 24, 15, 20, at === 1 ? accent : light),
  ) +
  (vary < 0.5
    ? area('M172 168H228Q226 206 256 246Q280 328 232 328H168Q120 328 144 246Q174 206 172 168Z', base) +
      area('M172 168H188Q186 212 164 250Q146 300 166 328Q120 326 144 246Q174 206 172 168Z', light)
    : box(150, 168, 100, 160, 26, base) +
      box(150, 168, 30, 160, 15, light) +
      box(150, 232, 100, 12, 0, accent)) +
  oval(200, 169, vary < 0.5 ? 28 : 42, 8, dark);

const mirror: Drawing = ({ base, dark, light, accent }, vary) =>
  vary < 0.5
    ? bar(200, 40, 200, 84, 5, dark) +
      oval(200, 196, 116, 116, base) +
      oval(200, 196, 100, 100, '#e9f2f6') +
      area('M132 224L232 116L262 132L150 258Z', '#ffffff') +
      oval(200, 42, 8, 8, accent)
    : shadow(86) +
      area('M118 328V150Q118 62 200 62Q282 62 282 150V328Z', base) +
      area('M134 314V152Q134 78 200 78Q266 78 266 152V314Z', '#e4eef3') +
      area('M148 236L252 116L262 146L148 278Z', '#ffffff') +
      box(118, 316, 164, 12, 4, dark) +
      box(182, 56, 36, 10, 5, light);

const clock: Drawing = ({ base, dark, light, accent }) =>
  oval(200, 200, 118, 118, dark) +
  oval(200, 200, 104, 104, base) +
  oval(200, 200, 88, 88, '#fbf9f4') +
  each(
    [...Array(12).keys()],
    (at) =>
      `<g transform="rotate(${at * 30} 200 200)">${box(197, 120, 6, at % 3 === 0 ? 18 : 9, 3, dark)}</g>`,
  ) +
  bar(200, 200, 162, 166, 9, dark) +
  bar(200, 200, 240, 146, 6, dark) +
  bar(200, 200, 206, 262, 3, accent) +
  oval(200, 200, 9, 9, accent) +
  oval(200, 200, 4, 4, light);

const print: Drawing = ({ base, dark, light, accent }, vary) =>
  box(108, 66, 184, 246, 4, dark) +
  box(118, 76, 164, 226, 2, '#fdfbf6') +
  (vary < 0.34
    ? box(140, 100, 120, 178, 2, light) +
      oval(222, 148, 30, 30, accent) +
      area('M140 278V222Q172 182 204 226Q232 196 260 216V278Z', base) +
      area('M140 278V252Q190 216 260 258V278Z', dark)
    : vary < 0.67
      ? box(140, 100, 56, 84, 2, base) +
        oval(230, 142, 30, 42, accent) +
        area('M140 278L196 196V278Z', light) +
        box(206, 196, 54, 82, 27, dark)
      : stroke('M200 276Q196 200 206 112', 5, dark) +
        each(
          [0, 1, 2, 3],
          (at) =>
            oval(174, 146 + at * 32, 25, 11, at % 2 ? base : accent) +
            oval(232, 130 + at * 32, 25, 11, at % 2 ? light : base),
        ));

export const decor: Readonly<Record<string, Drawing>> = {
  Vase: vase,
  Mirror: mirror,
  Clock: clock,
  Print: print,
};
