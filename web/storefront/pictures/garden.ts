import { area, bar, box, type Drawing, each, oval, shadow, stroke } from './shapes.ts';

const LEAF = '#4f7f52';
const LEAF_LIGHT = '#7fae7c';

const planter: Drawing = ({ base, dark, light, accent }, vary) =>
  shadow(80) +
  each([-52, -26, 0, 28, 54], (lean, at) =>
    vary < 0.5
      ? stroke(
          `M200 226Q${200 + lean * 0.4} 160 ${200 + lean * 1.7} ${96 + Math.abs(lean) * 0.8}`,
          15,
          at % 2 ? LEAF_LIGHT : LEAF,
        )
      : bar(200, 226, 200 + lean * 1.4, 150, 5, LEAF) +
        oval(200 + lean * 1.4, 140 - (at % 2) * 26, 25, 29, at % 2 ? LEAF_LIGHT : LEAF),
  ) +
  area('M132 220H268L250 314Q248 328 234 328H166Q152 328 150 314Z', base) +
  area('M132 220H164L176 328H166Q152 328 150 314Z', light) +
  box(122, 208, 156, 24, 8, dark) +
  (vary > 0.7 ? box(146, 262, 108, 9, 4, accent) : '');

const wateringCan: Drawing = ({ base, dark, light, accent }) =>
  shadow(108) +
  stroke('M262 176Q346 172 330 244Q322 282 276 294', 12, dark) +
  stroke('M152 178Q200 96 248 176', 11, dark) +
  area('M146 272L62 168L48 178Q62 140 94 140L82 152L160 226Z', base) +
  box(138, 176, 138, 152, 20, base) +
  box(138, 176, 36, 152, 16, light) +
  box(138, 256, 138, 14, 0, accent) +
  each([30, 44, 58], (x, at) => stroke(`M${x} ${196 + at * 4}q-6 16 -10 24`, 4, '#7fb2d9'));

const hammock: Drawing = ({ base, dark, light, accent }) =>
  shadow(112) +
  bar(64, 328, 84, 96, 13, dark) +
  bar(336, 328, 316, 96, 13, dark) +
  bar(52, 328, 348, 328, 11, dark) +
  stroke('M84 104L118 164', 4, dark) +
  stroke('M316 104L282 164', 4, dark) +
  area('M112 156Q200 346 288 156Q284 236 200 246Q116 236 112 156Z', base) +
  area('M112 156Q200 346 288 156Q292 280 200 290Q108 280 112 156Z', light) +
  each([0, 1, 2], (at) =>
    stroke(
      `M${124 + at * 12} ${206 + at * 20}Q200 ${292 - at * 8} ${276 - at * 12} ${206 + at * 20}`,
      7,
      at === 1 ? accent : base,
    ),
  );

const fireBowl: Drawing = ({ base, dark, light, accent }) =>
  `<circle cx="200" cy="180" r="118" fill="#ffd9a0" opacity=".4"/>` +
  shadow(92) +
  area(
    'M200 78Q262 150 238 212Q230 232 200 234Q168 232 160 208Q152 176 178 152Q182 178 196 178Q182 130 200 78Z',
    '#e8743b',
  ) +
  area(
    'M202 146Q232 184 222 214Q216 230 200 230Q182 228 178 210Q178 190 194 182Q198 196 204 194Q196 170 202 146Z',
    '#ffc65c',
  ) +
  each([-1, 1], (side) => bar(200 + side * 56, 290, 200 + side * 84, 328, 11, dark)) +
  area('M84 226H316Q300 304 200 306Q100 304 84 226Z', base) +
  area('M84 226H120Q132 286 190 305Q100 300 84 226Z', light) +
  box(76, 218, 248, 16, 8, dark) +
  box(176, 262, 48, 7, 3, accent);

export const garden: Readonly<Record<string, Drawing>> = {
  Planter: planter,
  'Watering Can': wateringCan,
  Hammock: hammock,
  'Fire Bowl': fireBowl,
};
