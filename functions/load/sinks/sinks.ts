import { ConfigError } from '../../../shared/errors.ts';
import { TOPICS } from '../../../shared/pipeline.ts';
import { uriOf } from '../ending.ts';
import type { LoadOptions, RunContext } from '../load-context.ts';
import { fileOf } from '../object-name.ts';
import type { InboxObject, LoadRecord, Sink, StoredObject } from '../ports.ts';
import { makeCatalogSink } from './catalog.ts';
import { makeEventReader } from './event-reader.ts';
import { makeFailures } from './failures.ts';
import { makeHistorySink } from './history.ts';
import { makeLiveSink } from './live.ts';

/** Makes the sink of one chunk. */
export type MakeSink = (
  object: InboxObject,
  stored: StoredObject,
  record: LoadRecord,
  chunk: number,
  context: RunContext,
) => Sink;

/** Chooses by what kind of file it is. */
export function makeSinks(options: LoadOptions): MakeSink {
  const { identity, publisher, products, staging, cleaning, sources, limits, clock = Date.now } = options;
  return (object, stored, record, chunk, { outgoing, log }) => {
    const uri = uriOf(object);
    const publishing = { publisher, attributes: outgoing, concurrency: limits.concurrency };
    const failures = makeFailures({ identity, clock, ...publishing });
    if (record.kind === 'catalog') {
      return makeCatalogSink({ products, failures, uri, asOf: stored.createdAt });
    }
    const source = sources.get(record.source);
    if (!source)
      throw new ConfigError(`the source ${record.source} of ${uri} is no longer in functions/load/sources`);
    const now = new Date(clock()).toISOString();
    const read = makeEventReader({
      source,
      uri,
      file: fileOf(object.name),
      collector: { received_at: now, protocol: `load:${source.name}`, origin: record.kind },
    });
    if (record.kind === 'live') return makeLiveSink({ read, failures, ...publishing });
    return makeHistorySink({
      read,
      failures,
      publisher,
      cleaning: (to) => cleaning(to, source),
      staged: staging.open(record.load_id, chunk),
      context: {
        topic: TOPICS.raw,
        messageId: record.load_id,
        publishTime: now,
        attributes: {},
        log,
        outgoing,
      },
    });
  };
}
