import { DATE_MENDS } from './mend-dates.ts';
import { FUNCTION_MENDS } from './mend-functions.ts';
import { QUERY_MENDS, quoteNames, withOutputNames } from './mend-queries.ts';
import { mendType, TYPE_MENDS, TYPES } from './mend-types.ts';
import { isNode, type Mends, type Node, rewrite } from './tree.ts';

/**
 * What the transpiler misses between GoogleSQL and DuckDB, mended in this one place: on the tree before it is
 * transpiled, function by function, and on the text after. statements.test.ts holds each to its answer.
 */
export function mended(statement: Node, others: Mends): Node {
  const typed = withTypes(statement) as Node;
  const mends = { ...TYPE_MENDS, ...DATE_MENDS, ...FUNCTION_MENDS, ...QUERY_MENDS, ...others };
  return quoteNames(rewrite(withOutputNames(typed), mends));
}

function withTypes(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(withTypes);
  if (!isNode(tree)) return tree;
  return mendType(Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, withTypes(value)])));
}

/**
 * Mends DuckDB's SQL; what strings hold is left alone.
 * @param place what stands for a name in quotes
 */
export function afterwards(sql: string, place: (name: string) => string): string {
  return sql
    .split(/('(?:[^']|'')*'|"(?:[^"]|"")*")/)
    .map((piece, index) => {
      if (index % 2 === 1) return piece === '"bq_deep"' ? 'max_depth := 2' : place(piece);
      return piece
        .replace(/\bBQ_(UNNEST|STRPTIME)\(/g, '$1(')
        .replace(/\bBQ_(?:TIMESTAMP|DATETIME|NUMERIC|BIGNUMERIC)\b/g, (name) => TYPES[name] ?? name)
        .replace(/\bINSERT ROW\b/g, 'INSERT BY NAME');
    })
    .join('');
}
