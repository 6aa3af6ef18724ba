/** The colours of a picture: the product in four tones, and what it stands before. */
export interface Palette {
  readonly base: string;
  readonly dark: string;
  readonly light: string;
  readonly accent: string;
  readonly wall: string;
  readonly floor: string;
}

/** By the first word of a title, which names material or colour. */
const STYLES: Readonly<Record<string, Palette>> = {
  Oak: palette('#c1935f', '#8d6338', '#dcb98b', '#4f6b5c', '#eef0e8', '#dfe3d6'),
  Walnut: palette('#7a5340', '#4f3226', '#a27a63', '#d8a24a', '#f0e6dc', '#e2d3c4'),
  Slate: palette('#5f6f7c', '#3d4a55', '#8fa0ad', '#d98c5f', '#e6ebee', '#d3dbe0'),
  Linen: palette('#d6c6aa', '#a8936f', '#efe4cf', '#7c8f7a', '#f3efe6', '#e5ddcd'),
  Copper: palette('#bd6c43', '#83452a', '#e09d75', '#33505c', '#f6e7dd', '#ead2c3'),
  Birch: palette('#e0c79c', '#b0915f', '#f3e3c4', '#5a7fa3', '#e9eff3', '#d7e1e8'),
  Cobalt: palette('#3558b0', '#213a7c', '#7391da', '#e5b04c', '#e8ecf8', '#d4dcf0'),
  Fern: palette('#54805a', '#33553a', '#8eb390', '#d98a5c', '#e9f1e6', '#d5e3d1'),
  Amber: palette('#db9c33', '#a06a15', '#f2c673', '#3c5a66', '#fbf0da', '#f0dfba'),
  Chalk: palette('#dcd6cc', '#aaa194', '#f6f3ee', '#b5654a', '#e5e1ea', '#d5cfdc'),
  Rattan: palette('#c9a468', '#94713a', '#e6cc9b', '#3f6f66', '#e4f0ec', '#cfe1db'),
  Ink: palette('#3a4154', '#20242f', '#6d768d', '#d87f62', '#e9e7ee', '#d8d5e0'),
};
const ALL: readonly [Palette, ...Palette[]] = [
  palette('#8b8f96', '#5f6369', '#b9bcc2', '#c98a5a', '#ececee', '#dddde1'),
  ...Object.values(STYLES),
];

function palette(
  base: string,
  dark: string,
  light: string,
  accent: string,
  wall: string,
  floor: string,
): Palette {
  return { base, dark, light, accent, wall, floor };
}

/** @param choice from 0 to 1: decides where the title names no style */
export function paletteOf(title: string, choice: number): Palette {
  return STYLES[title.split(' ', 1)[0] ?? ''] ?? ALL[Math.floor(choice * ALL.length)] ?? ALL[0];
}
