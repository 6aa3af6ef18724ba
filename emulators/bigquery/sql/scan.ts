/** A piece of GoogleSQL text. */
export interface Piece {
  readonly kind: 'code' | 'string' | 'name' | 'comment' | 'parameter';
  readonly text: string;
}

const PIECES =
  /(?<comment>--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>(?:\b[rRbB]{1,2})?(?:'''(?:\\[\s\S]|[^\\])*?'''|"""(?:\\[\s\S]|[^\\])*?"""|'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"))|(?<name>`[^`]*`)|(?<parameter>@[A-Za-z_]\w*|\?)/g;

/** Cuts GoogleSQL so that what is inside strings, names and comments is never taken for code. */
export function scan(sql: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of sql.matchAll(PIECES)) {
    if (match.index > end) pieces.push({ kind: 'code', text: sql.slice(end, match.index) });
    const [kind = 'code'] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? [];
    pieces.push({ kind: kind as Piece['kind'], text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < sql.length) pieces.push({ kind: 'code', text: sql.slice(end) });
  return pieces;
}
