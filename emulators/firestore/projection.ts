import type { Document } from './backend.ts';
import { isNamePath } from './field-paths.ts';
import type { FieldPath } from './query.ts';
import { type Fields, fieldAt, withFieldAt } from './values.ts';

/** A document with some of its fields only; undefined paths: all of them. */
export function projected(document: Document, paths: readonly FieldPath[] | undefined): Document {
  if (paths === undefined) return document;
  let fields: Fields = new Map();
  for (const path of paths) {
    const value = isNamePath(path) ? undefined : fieldAt(document.fields, path);
    if (value !== undefined) fields = withFieldAt(fields, path, value);
  }
  return { ...document, fields };
}
