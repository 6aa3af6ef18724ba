import { area, bar, box, type Drawing, each, oval, shadow, stroke } from './shapes.ts';

const chair: Drawing = ({ base, dark, light, accent }, vary) =>
  shadow(88) +
  bar(142, 240, 132, 328, 10, dark) +
  bar(258, 240, 268, 328, 10, dark) +
  bar(150, 108, 146, 236, 11, dark) +
  bar(250, 108, 254, 236, 11, dark) +
  box(142, 96, 116, vary < 0.5 ? 46 : 92, 18, base) +
  box(142, 96, 116, 14, 7, light) +
  box(126, 222, 148, 24, 12, accent) +
  box(132, 244, 136, 9, 4, dark);

const armchair: Drawing = ({ base, dark, light, accent }) =>
  shadow(122) +
  bar(118, 290, 110, 328, 11, dark) +
  bar(282, 290, 290, 328, 11, dark) +
  box(112, 104, 176, 168, 44, base) +
  box(128, 116, 144, 96, 30, light) +
  box(84, 186, 52, 112, 24, base) +
  box(264, 186, 52, 112, 24, base) +
  box(128, 222, 144, 42, 16, accent) +
  box(112, 260, 176, 38, 12, dark);

const stool: Drawing = ({ base, dark, light }, vary) =>
  shadow(78) +
  each([-1, 1], (side) => bar(200 + side * 34, 190, 200 + side * 64, 328, 11, dark)) +
  bar(200, 190, 200, 320, 9, base) +
  bar(152, 278, 248, 278, 7, dark) +
  box(130, 166, 140, 28, vary < 0.5 ? 14 : 6, base) +
  oval(200, 168, 70, 15, light);

const rocker: Drawing = ({ base, dark, light, accent }) =>
  shadow(112) +
  stroke('M98 316Q200 348 306 306', 11, dark) +
  bar(146, 236, 130, 324, 10, dark) +
  bar(258, 236, 274, 320, 10, dark) +
  area('M132 92Q136 76 156 78L246 84Q262 86 260 102L252 236L146 236Z', base) +
  each([162, 186, 210, 234], (x) => bar(x, 100, x - 2, 214, 5, light)) +
  box(124, 222, 150, 26, 12, accent) +
  stroke('M122 196Q96 198 98 222', 9, dark);

const bench: Drawing = ({ base, dark, light, accent }, vary) =>
  shadow(146) +
  each([78, 318], (x) => bar(x, 248, x + (x < 200 ? -6 : 6), 328, 13, dark)) +
  bar(84, 296, 316, 296, 6, dark) +
  box(58, 226, 284, 26, 8, base) +
  box(58, 226, 284, 8, 4, light) +
  (vary < 0.5
    ? box(78, 200, 108, 28, 14, accent)
    : box(66, 150, 268, 16, 8, base) + bar(90, 156, 90, 228, 9, dark) + bar(310, 156, 310, 228, 9, dark));

/** By the word of a title that names the kind. */
export const chairs: Readonly<Record<string, Drawing>> = {
  Chair: chair,
  Armchair: armchair,
  Stool: stool,
  Rocker: rocker,
  Bench: bench,
};
