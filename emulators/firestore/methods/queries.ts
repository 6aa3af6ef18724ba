import type { Access, Document } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import { databaseOf } from '../paths.ts';
import { projected } from '../projection.ts';
import type { Micros } from '../values.ts';
import type { Message } from '../wire/form.ts';
import { integerOf, listOf, messageOf, textOf } from '../wire/plain.ts';
import { readAggregations, readOrders, readQuery, writeCursor } from '../wire/queries.ts';
import { writeDocument, writeValue } from '../wire/values.ts';
import { readMask } from '../wire/writes.ts';
import { readConsistency, transactionBytes } from './consistency.ts';
import type { MethodContext, Streaming, Unary } from './methods.ts';

/** Methods that read many documents. */
export function queryMethods({ backend, form }: MethodContext): {
  readonly unary: Readonly<Record<string, Unary>>;
  readonly streaming: Readonly<Record<string, Streaming>>;
} {
  /** Runs a read; the transaction it began goes before its answers, or into the first, and ends where the read fails. */
  async function reading(
    database: string,
    request: Message,
    access: Access | undefined,
    read: (options: ReturnType<typeof readConsistency>['options']) => Promise<readonly Message[]>,
  ): Promise<readonly Message[]> {
    const { options, began } = readConsistency(backend, database, request, access);
    if (began === undefined) return read(options);
    try {
      return [{ transaction: form.bytes(transactionBytes(began)) }, ...(await read(options))];
    } catch (error) {
      backend.rollback(began);
      throw error;
    }
  }

  const found = (document: Document, readTime: Micros): Message => ({
    document: writeDocument(document, form),
    readTime: form.timestamp(readTime),
  });

  const streaming: Record<string, Streaming> = {
    BatchGetDocuments: (request, access) =>
      reading(textOf(request.database, 'database'), request, access, async (options) => {
        const names = [
          ...new Set(listOf(request.documents, 'documents').map((name) => textOf(name, 'documents'))),
        ];
        const mask = readMask(request.mask);
        const { documents, readTime } = await backend.get(names, options);
        return names.map((name, index) => {
          const document = documents[index];
          return {
            ...(document ? { found: writeDocument(projected(document, mask), form) } : { missing: name }),
            readTime: form.timestamp(readTime),
          };
        });
      }),

    RunQuery: (request, access) =>
      reading(databaseOf(textOf(request.parent, 'parent')), request, access, async (options) => {
        const query = readQuery(request.parent, request.structuredQuery);
        const { documents, readTime } = await backend.query(query, options);
        return documents.length === 0
          ? [{ readTime: form.timestamp(readTime), done: true }]
          : documents.map((document) => found(document, readTime));
      }),

    RunAggregationQuery: (request, access) =>
      reading(databaseOf(textOf(request.parent, 'parent')), request, access, async (options) => {
        const asked = messageOf(request.structuredAggregationQuery, 'structured_aggregation_query');
        const query = readQuery(request.parent, asked.structuredQuery);
        const { values, readTime } = await backend.aggregate(
          query,
          readAggregations(asked.aggregations),
          options,
        );
        const fields = [...values].map(([alias, value]) => [alias, writeValue(value, form)] as const);
        return [
          { result: { aggregateFields: Object.fromEntries(fields) }, readTime: form.timestamp(readTime) },
        ];
      }),
  };

  const unary: Record<string, Unary> = {
    async ListDocuments(request, access) {
      const parent = textOf(request.parent, 'parent');
      const { options } = readConsistency(backend, databaseOf(parent), request, access);
      const { entries, nextPageToken } = await backend.list({
        ...options,
        parent,
        collectionId: textOf(request.collectionId, 'collection_id') || undefined,
        pageSize: pageSizeOf(request),
        pageToken: textOf(request.pageToken, 'page_token') || undefined,
        orderBy: readOrders(textOf(request.orderBy, 'order_by')),
        showMissing: request.showMissing === true,
      });
      const mask = readMask(request.mask);
      return {
        documents: entries.map(({ name, document }) =>
          document ? writeDocument(projected(document, mask), form) : { name },
        ),
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
      };
    },

    async ListCollectionIds(request, access) {
      if (access) {
        throw new FirestoreError('PERMISSION_DENIED', 'Only the owner of a project lists its collections.');
      }
      const parent = textOf(request.parent, 'parent');
      const { options } = readConsistency(backend, databaseOf(parent), request, access);
      const ids = await backend.collectionIds(parent, options);
      const start = Number(textOf(request.pageToken, 'page_token'));
      const end = start + (pageSizeOf(request) || ids.length);
      return {
        collectionIds: ids.slice(start, end),
        ...(end < ids.length ? { nextPageToken: String(end) } : {}),
      };
    },

    async PartitionQuery(request, access) {
      const query = readQuery(request.parent, request.structuredQuery);
      const { options } = readConsistency(backend, databaseOf(query.parent), request, access);
      const count = Number(integerOf(request.partitionCount, 'partition_count') ?? 0n);
      const cursors = await backend.partition(query, count, options);
      return { partitions: cursors.map((cursor) => writeCursor(cursor, form)) };
    },
  };
  return { unary, streaming };
}

function pageSizeOf(request: Message): number {
  return Number(integerOf(request.pageSize, 'page_size') ?? 0n);
}
