import { area, bar, box, type Drawing, each, oval, shadow, stroke } from './shapes.ts';

/** What a lamp throws around itself. */
function glow(cx: number, cy: number, radius: number): string {
  return `<circle cx="${cx}" cy="${cy}" r="${radius}" fill="#ffe9b0" opacity=".45"/><circle cx="${cx}" cy="${cy}" r="${radius * 0.64}" fill="#fff0c8" opacity=".6"/>`;
}

const lamp: Drawing = ({ base, dark, light, accent }, vary) =>
  glow(200, 150, 120) +
  shadow(60) +
  (vary < 0.5 ? bar(200, 190, 200, 318, 10, dark) : oval(200, 270, 38, 52, accent)) +
  oval(200, 322, 52, 11, dark) +
  area('M158 84H242L272 192H128Z', base) +
  area('M158 84H182L164 192H128Z', light);

const lantern: Drawing = ({ base, dark, light, accent }) =>
  glow(200, 224, 116) +
  shadow(74) +
  stroke('M158 138Q200 62 242 138', 8, dark) +
  area('M140 152L200 112L260 152Z', base) +
  box(138, 150, 124, 162, 8, dark) +
  box(152, 164, 96, 134, 4, '#fff3d1') +
  box(182, 232, 36, 66, 4, light) +
  area('M200 196Q216 218 200 232Q184 218 200 196Z', accent) +
  bar(200, 166, 200, 296, 3, dark) +
  box(126, 306, 148, 20, 6, base);

const spotlight: Drawing = ({ base, dark, light, accent }) =>
  area('M232 138L360 262L304 330L196 196Z', '#fff0c4') +
  shadow(66, 150) +
  oval(150, 322, 60, 11, dark) +
  bar(150, 318, 150, 196, 9, dark) +
  bar(150, 196, 214, 118, 9, dark) +
  oval(150, 196, 11, 11, accent) +
  `<g transform="rotate(42 224 128)">${box(190, 94, 84, 62, 14, base)}${box(262, 88, 18, 74, 6, light)}${box(182, 108, 12, 34, 5, dark)}</g>`;

const pendant: Drawing = ({ base, dark, light, accent }, vary) =>
  glow(200, 214, 122) +
  bar(200, 0, 200, 118, 4, dark) +
  box(186, 112, 28, 26, 6, accent) +
  (vary < 0.5
    ? area('M110 224Q114 134 200 132Q286 134 290 224Z', base) +
      area('M110 224Q116 140 186 133Q142 150 138 224Z', light)
    : oval(200, 194, 84, 62, base) +
      each([168, 194, 220], (y) => oval(200, y, 82 - Math.abs(y - 194) * 0.6, 5, light))) +
  oval(200, vary < 0.5 ? 224 : 252, vary < 0.5 ? 90 : 26, 9, '#fff3d1');

export const lamps: Readonly<Record<string, Drawing>> = {
  Lamp: lamp,
  Lantern: lantern,
  Spotlight: spotlight,
  Pendant: pendant,
};
