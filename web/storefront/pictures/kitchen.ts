import { area, bar, box, type Drawing, each, oval, shadow, stroke } from './shapes.ts';

const kettle: Drawing = ({ base, dark, light, accent }) =>
  shadow(96) +
  stroke('M146 148Q150 74 216 78Q272 82 266 152', 13, dark) +
  area('M268 224Q316 206 332 158L350 166Q340 238 280 270Z', base) +
  area('M120 214Q124 138 200 138Q276 138 284 214L292 306Q292 328 270 328H130Q108 328 110 306Z', base) +
  area('M120 214Q124 142 176 139Q144 170 142 228L138 306Q138 328 130 328Q108 328 110 306Z', light) +
  oval(200, 140, 52, 11, dark) +
  oval(200, 124, 13, 13, accent) +
  box(108, 308, 184, 20, 10, dark);

const teapot: Drawing = ({ base, dark, light, accent }, vary) =>
  shadow(98) +
  stroke('M272 202Q336 190 322 244Q310 286 262 284', 14, dark) +
  area('M138 262Q88 262 70 186L92 180Q104 226 146 222Z', base) +
  oval(200, 250, 92, 78, base) +
  area('M130 210Q152 174 200 172Q164 188 152 226Q140 270 162 312Q108 292 110 244Q114 224 130 210Z', light) +
  oval(200, 178, 46, 11, dark) +
  oval(200, 160, 12, 14, accent) +
  (vary < 0.5 ? stroke('M114 262Q200 290 286 262', 8, accent) : '') +
  box(158, 318, 84, 10, 5, dark);

const knives: Drawing = ({ base, dark, light, accent }) =>
  shadow(92) +
  each(
    [0, 1, 2],
    (at) =>
      box(146 + at * 40, 96 + at * 18, 22, 96, 9, at === 1 ? accent : dark) +
      box(150 + at * 40, 112 + at * 18, 5, 5, 2, light),
  ) +
  area('M112 176L276 208Q290 212 290 226V328H120Q108 328 108 316V186Q108 178 112 176Z', base) +
  area('M112 176L276 208Q284 210 287 216L108 190Q108 178 112 176Z', light) +
  each([166, 206, 246], (x) => box(x - 14, 186 + (x - 166) * 0.2, 28, 5, 2, dark));

const pan: Drawing = ({ base, dark, light, accent }) =>
  shadow(100, 168) +
  bar(258, 232, 358, 196, 17, dark) +
  bar(316, 211, 354, 197, 9, accent) +
  area('M62 230H274L260 304Q256 326 234 326H102Q80 326 76 304Z', base) +
  oval(168, 230, 106, 22, dark) +
  oval(168, 228, 94, 16, light) +
  each([128, 168, 208], (x, at) => stroke(`M${x} ${188 - at * 4}q-9 -16 0 -30q9 -14 0 -30`, 5, '#ffffff'));

const bowl: Drawing = ({ base, dark, light, accent }, vary) =>
  shadow(94) +
  (vary < 0.5
    ? each([164, 206, 244], (x, at) => oval(x, 196 - (at % 2) * 16, 32, 32, at === 1 ? accent : light))
    : '') +
  area('M84 208H316Q312 326 232 326H168Q88 326 84 208Z', base) +
  oval(200, 208, 116, vary < 0.5 ? 8 : 20, dark) +
  area('M96 236Q112 300 160 320Q124 290 120 238Z', light) +
  box(152, 318, 96, 11, 5, dark);

export const kitchen: Readonly<Record<string, Drawing>> = {
  Kettle: kettle,
  Teapot: teapot,
  'Knife Set': knives,
  Pan: pan,
  Bowl: bowl,
};
