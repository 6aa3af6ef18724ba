import type { Palette } from './palette.ts';

/** Draws one kind of product as SVG, 400 by 400, standing on a floor at y = 330. @param vary from 0 to 1, of the item alone */
export type Drawing = (palette: Palette, vary: number) => string;

export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
  fill: string,
): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}"/>`;
}

export function oval(cx: number, cy: number, rx: number, ry: number, fill: string): string {
  return `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${fill}"/>`;
}

export function area(d: string, fill: string): string {
  return `<path d="${d}" fill="${fill}"/>`;
}

export function stroke(d: string, width: number, colour: string): string {
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

/** A leg or post from one point to another. */
export function bar(x1: number, y1: number, x2: number, y2: number, width: number, colour: string): string {
  return stroke(`M${x1} ${y1}L${x2} ${y2}`, width, colour);
}

/** What the product casts on the floor. */
export function shadow(rx: number, cx = 200, y = 331): string {
  return `<ellipse cx="${cx}" cy="${y}" rx="${rx}" ry="9" fill="#1c1a17" opacity=".13"/>`;
}

/** Something repeated, once for each position. */
export function each(positions: readonly number[], draw: (at: number, index: number) => string): string {
  return positions.map(draw).join('');
}
