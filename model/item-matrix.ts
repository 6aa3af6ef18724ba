import type { Corpus } from './corpus.ts';
import type { Parameters } from './parameters.ts';
import { ScoreTable } from './score-table.ts';
import { sortByValue } from './select-top.ts';
import type { Postings } from './session-index.ts';

/** A sparse item × item matrix of transition weights, in rows (CSR), each row's greatest weights first. */
export interface ItemMatrix {
  /** One more than there are items. */
  readonly rowStarts: Uint32Array;
  readonly columns: Uint32Array;
  /** Weights in units of 1/65535 of the row's `scales` entry. */
  readonly weights: Uint16Array;
  readonly scales: Float32Array;
}

const QUANTA = 65_535;

/**
 * For each item, what is clicked after it, before it, and in the same sessions: the three are each cut to their best,
 * normalised to sum 1, and mixed. After and before weigh by 1 / distance; the third is a cosine that favours recent sessions.
 */
export function buildItemMatrix(
  corpus: Corpus,
  sessionCount: number,
  postings: Postings,
  parameters: Parameters['matrix'],
): ItemMatrix {
  const itemCount = corpus.itemIds.length;
  const { width, reach, maxDistinct } = parameters;
  const parts = [new ScoreTable(itemCount), new ScoreTable(itemCount), new ScoreTable(itemCount)] as const;
  const [after, before, together] = parts;
  const shares = [parameters.after, parameters.before, parameters.together];
  const row = new ScoreTable(itemCount);
  const distinct = countDistinct(sessionCount, postings);
  const seenFor = new Uint32Array(itemCount);
  let visit = 1;
  const rowStarts = new Uint32Array(itemCount + 1);
  const scales = new Float32Array(itemCount);
  let columns = new Uint32Array(1 << 16);
  let weights = new Uint16Array(1 << 16);
  let size = 0;

  const addSession = (item: number, session: number): void => {
    const from = corpus.starts[session] ?? 0;
    const to = corpus.starts[session + 1] ?? 0;
    const recency = 0.5 + 0.5 * Math.exp((session - sessionCount) / (parameters.recency * sessionCount));
    for (let at = from; at < to; at++) {
      if (corpus.clicks[at] !== item) continue;
      for (let d = 1; d <= reach && at + d < to; d++)
        addOther(after, corpus.clicks[at + d] ?? 0, item, 1 / d);
      for (let d = 1; d <= reach && at - d >= from; d++)
        addOther(before, corpus.clicks[at - d] ?? 0, item, 1 / d);
    }
    if ((distinct[session] ?? 0) > maxDistinct) return;
    for (let at = from; at < to; at++) {
      const other = corpus.clicks[at] ?? 0;
      if (other === item || seenFor[other] === visit) continue;
      seenFor[other] = visit;
      together.add(other, recency);
    }
    visit++;
  };

  for (let item = 0; item < itemCount; item++) {
    const from = postings.starts[item] ?? 0;
    const to = postings.starts[item + 1] ?? 0;
    for (let p = from; p < to; p++) addSession(item, postings.sessions[p] ?? 0);
    for (let i = 0; i < together.size; i++) {
      const other = together.touched[i] ?? 0;
      const frequency = (postings.starts[other + 1] ?? 0) - (postings.starts[other] ?? 0);
      together.values[other] = (together.values[other] ?? 0) / Math.sqrt((to - from + 5) * (frequency + 5));
    }
    parts.forEach((part, index) => {
      mixIn(row, part, width, shares[index] ?? 0);
      part.clear();
    });
    const scale = row.max();
    scales[item] = scale;
    while (size + row.size > columns.length) {
      columns = doubled(columns, new Uint32Array(columns.length * 2));
      weights = doubled(weights, new Uint16Array(weights.length * 2));
    }
    sortByValue(row.touched, row.size, row.values);
    for (let i = 0; i < row.size; i++) {
      const other = row.touched[i] ?? 0;
      columns[size] = other;
      weights[size++] = Math.round(((row.values[other] ?? 0) / scale) * QUANTA);
    }
    rowStarts[item + 1] = size;
    row.clear();
  }
  return { rowStarts, columns: columns.slice(0, size), weights: weights.slice(0, size), scales };
}

/**
 * Adds `amount · row(item)` to `into`.
 * @param least what is less is left out
 */
export function addRow(
  { rowStarts, columns, weights, scales }: ItemMatrix,
  item: number,
  amount: number,
  into: ScoreTable,
  least = 0,
): void {
  const unit = (amount * (scales[item] ?? 0)) / QUANTA;
  const lowest = Math.max(1, least / unit);
  const end = rowStarts[item + 1] ?? 0;
  const start = rowStarts[item] ?? 0;
  let to = start;
  while (to < end && (weights[to] ?? 0) >= lowest) to++;
  into.addRun(columns, weights, start, to, unit);
}

/** Distinct items of each session. */
export function countDistinct(sessionCount: number, postings: Postings): Uint16Array {
  const distinct = new Uint16Array(sessionCount);
  for (const session of postings.sessions) distinct[session] = (distinct[session] ?? 0) + 1;
  return distinct;
}

function addOther(table: ScoreTable, other: number, item: number, amount: number): void {
  if (other !== item) table.add(other, amount);
}

function mixIn(row: ScoreTable, part: ScoreTable, width: number, share: number): void {
  const kept = part.selectTop(width);
  let sum = 0;
  for (let i = 0; i < kept; i++) sum += part.values[part.touched[i] ?? 0] ?? 0;
  for (let i = 0; i < kept; i++) {
    const other = part.touched[i] ?? 0;
    row.add(other, (share * (part.values[other] ?? 0)) / sum);
  }
}

function doubled<T extends Uint32Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
