import type { Palette } from './palette.ts';
import { bar, box, type Drawing, each, oval, shadow } from './shapes.ts';

/** Books side by side, standing on a board. */
function books(x: number, y: number, { base, dark, light, accent }: Palette, count = 5): string {
  const colours = [accent, light, dark, base, accent, dark];
  return each([...Array(count).keys()], (at) => {
    const height = 44 + ((at * 7) % 18);
    return box(x + at * 15, y - height, 13, height, 2, colours[at % colours.length] ?? base);
  });
}

const shelf: Drawing = (palette, vary) =>
  each([0, 1, 2], (at) => {
    const y = 142 + at * 82;
    return (
      box(70, y, 260, 14, 4, palette.base) +
      box(70, y, 260, 5, 2, palette.light) +
      bar(104, y + 14, 104, y + 34, 6, palette.dark) +
      bar(296, y + 14, 296, y + 34, 6, palette.dark)
    );
  }) +
  books(92, 142, palette) +
  oval(284, 118, 22, 24, palette.accent) +
  books(vary < 0.5 ? 226 : 108, 224, palette, 6) +
  box(vary < 0.5 ? 108 : 246, 184, 52, 40, 6, palette.light) +
  books(128, 306, palette, 4) +
  oval(256, 290, 30, 16, palette.dark);

const bookcase: Drawing = (palette) =>
  shadow(108) +
  box(104, 60, 192, 268, 8, palette.dark) +
  each(
    [0, 1, 2, 3],
    (at) =>
      box(116, 72 + at * 63, 168, 54, 3, palette.light) +
      books(122 + (at % 2) * 62, 126 + at * 63, palette, at % 2 ? 6 : 5),
  ) +
  oval(254, 108, 17, 18, palette.accent) +
  box(124, 156, 44, 33, 5, palette.base) +
  box(104, 60, 192, 10, 4, palette.base);

const cabinet: Drawing = ({ base, dark, light, accent }, vary) =>
  shadow(124) +
  each([92, 308], (x) => bar(x, 292, x + (x < 200 ? -6 : 6), 328, 11, dark)) +
  box(70, 156, 260, 146, 10, base) +
  box(70, 156, 260, 12, 6, light) +
  each([80, 204], (x) => box(x, 178, 116, 114, 5, vary < 0.5 ? light : dark)) +
  each([184, 216], (x) => box(x - 4, 220, 8, 28, 4, accent)) +
  oval(132, 128, 20, 26, accent) +
  box(220, 104, 66, 50, 3, dark) +
  box(226, 110, 54, 38, 2, light);

const rack: Drawing = ({ base, dark, light, accent }) =>
  shadow(112) +
  each([104, 296], (x) => bar(x, 84, x, 328, 11, dark)) +
  bar(96, 96, 304, 96, 11, base) +
  each(
    [136, 178, 222, 262],
    (x, at) =>
      bar(x, 98, x, 116, 4, dark) +
      box(x - 19, 116, 38, 96 + ((at * 23) % 40), 12, [accent, light, base, dark][at] ?? base),
  ) +
  box(92, 286, 216, 14, 5, base) +
  box(124, 264, 64, 22, 8, accent) +
  box(206, 260, 70, 26, 8, light);

export const shelves: Readonly<Record<string, Drawing>> = {
  Shelf: shelf,
  Bookcase: bookcase,
  Cabinet: cabinet,
  Rack: rack,
};
