import { area, bar, box, type Drawing, each, oval, shadow, stroke } from './shapes.ts';

const rug: Drawing = ({ base, dark, light, accent }, vary) =>
  area('M92 196H308L364 318H36Z', dark) +
  area('M100 202H300L346 310H54Z', base) +
  (vary < 0.5
    ? area('M200 214L284 256L200 300L116 256Z', accent) + area('M200 230L252 256L200 284L148 256Z', light)
    : each([222, 246, 274], (y) =>
        stroke(`M${96 - (y - 200) * 0.3} ${y}H${304 + (y - 200) * 0.3}`, 9, y === 246 ? accent : light),
      )) +
  each([...Array(12).keys()], (at) => bar(50 + at * 27.4, 318, 47 + at * 28, 332, 3, light));

const cushion: Drawing = ({ base, dark, light, accent }, vary) =>
  shadow(112) +
  area('M96 124Q200 104 304 124Q322 224 306 322Q200 336 94 322Q78 224 96 124Z', base) +
  area('M96 124Q200 104 304 124Q306 138 308 152Q200 132 92 152Q94 138 96 124Z', light) +
  (vary < 0.5
    ? each([188, 222, 256, 290], (y) => stroke(`M90 ${y}Q200 ${y - 18} 310 ${y}`, 8, accent))
    : oval(200, 226, 52, 52, accent) + oval(200, 226, 22, 22, light)) +
  each([98, 302], (x) => oval(x, 322, 8, 8, dark));

const throw_: Drawing = ({ base, dark, light, accent }) =>
  shadow(130) +
  box(70, 292, 260, 36, 14, dark) +
  box(70, 256, 260, 42, 16, base) +
  box(70, 222, 260, 40, 16, light) +
  area('M118 186H282Q296 186 294 202L286 316H114L106 202Q104 186 118 186Z', base) +
  each([140, 172, 204, 236, 262], (x) => bar(x, 192, x - 2, 306, 6, x === 204 ? accent : light)) +
  each([118, 142, 166, 190, 214, 238, 262, 282], (x) => bar(x, 316, x, 330, 4, dark));

const curtain: Drawing = ({ base, dark, light, accent }) =>
  box(112, 84, 176, 226, 4, '#f7fbff') +
  bar(200, 84, 200, 310, 5, dark) +
  bar(112, 190, 288, 190, 5, dark) +
  area('M78 66H172Q164 200 128 244Q146 290 142 336H78Z', base) +
  area('M322 66H228Q236 200 272 244Q254 290 258 336H322Z', base) +
  each([96, 120, 144], (x) => stroke(`M${x} 70Q${x} 180 ${x - 8} 240`, 6, light)) +
  each([304, 280, 256], (x) => stroke(`M${x} 70Q${x} 180 ${x + 8} 240`, 6, light)) +
  box(82, 234, 52, 13, 6, accent) +
  box(266, 234, 52, 13, 6, accent) +
  bar(58, 62, 342, 62, 9, dark) +
  each([58, 342], (x) => oval(x, 62, 11, 11, accent));

export const textiles: Readonly<Record<string, Drawing>> = {
  Rug: rug,
  Cushion: cushion,
  Throw: throw_,
  Curtain: curtain,
};
