import { cast, type Mends, text } from './tree.ts';

/**
 * GoogleSQL's types under names that the transpiler leaves alone, and what they are in DuckDB: it takes a TIMESTAMP for
 * a DATETIME and NUMERIC for a narrow decimal.
 */
export const TYPES: Readonly<Record<string, string>> = {
  BQ_TIMESTAMP: 'TIMESTAMPTZ',
  BQ_DATETIME: 'TIMESTAMP',
  BQ_NUMERIC: 'DECIMAL(38,9)',
  BQ_BIGNUMERIC: 'DECIMAL(38,18)',
};

const NAMES: Readonly<Record<string, string>> = {
  timestamp: 'BQ_TIMESTAMP',
  TIMESTAMP: 'BQ_TIMESTAMP',
  DATETIME: 'BQ_DATETIME',
  decimal: 'BQ_NUMERIC',
  BIGNUMERIC: 'BQ_BIGNUMERIC',
  BIGDECIMAL: 'BQ_BIGNUMERIC',
};

/** A type named by its meaning, wherever in the tree it stands; other nodes as they are. */
export function mendType(node: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { data_type: type, name, precision } = node;
  if (typeof type !== 'string' || typeof precision === 'number') return node;
  const known = NAMES[type === 'custom' ? String(name).toUpperCase() : type];
  return known === undefined ? node : { data_type: 'custom', name: known };
}

const LITERALS: Readonly<Record<string, string>> = {
  timestamp: 'BQ_TIMESTAMP',
  datetime: 'BQ_DATETIME',
};

export const TYPE_MENDS: Mends = {
  literal({ literal_type: kind, value }) {
    const type = LITERALS[String(kind)];
    if (type !== undefined) return cast(text(String(value)), type);
    // GoogleSQL's 1.5 is a FLOAT64, DuckDB's a decimal.
    const isDecimal = kind === 'number' && /^\d*\.\d*$/.test(String(value));
    return isDecimal ? { literal: { literal_type: kind, value: `${value}e0` } } : undefined;
  },
};
