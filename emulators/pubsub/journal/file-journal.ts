import { createReadStream, existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Journal, Restored } from './journal.ts';
import { makeJournalFile } from './journal-file.ts';
import { type JournalRecord, kept, makeRestorer } from './records.ts';

/** A journal in a file of one JSON record a line. */
export interface FileJournal {
  readonly journal: Journal;
  /** What the file said when it was opened. */
  readonly restored: Restored;
  close(): Promise<void>;
}

/**
 * Opens a journal, and writes it anew without what is past. A last line that is torn, since the process was killed while
 * it wrote, was never acknowledged to anyone, and is left out.
 * @throws Error where any other line cannot be read
 */
export async function openFileJournal(path: string): Promise<FileJournal> {
  await mkdir(dirname(path), { recursive: true });
  const restored = await read(path);
  const file = makeJournalFile(path);
  file.replace(checkpoint(restored));
  await file.written();
  const { write } = file;
  let done: { readonly subscription: string; readonly ids: string[] } | undefined;
  /** Writes down acknowledgements that were gathered, before anything that may depend on their order. */
  const settle = (): void => {
    const record = done;
    done = undefined;
    if (record) write({ op: 'done', ...record });
  };
  const entry = (record: JournalRecord): void => {
    settle();
    write(record);
  };
  const journal: Journal = {
    topic: (topic) => entry({ op: 'topic', topic }),
    topicGone: (name) => entry({ op: 'topic-gone', name }),
    subscription: ({ resource, detached }) => entry({ op: 'subscription', resource, detached }),
    subscriptionGone: (name) => entry({ op: 'subscription-gone', name }),
    published: (topic, messages) => entry({ op: 'publish', topic, messages: messages.map(kept) }),
    backlog: (subscription, messages) => entry({ op: 'backlog', subscription, messages: messages.map(kept) }),
    reset: () => entry({ op: 'reset' }),
    get size() {
      return file.size;
    },
    checkpoint(state) {
      settle();
      file.replace(checkpoint(state));
    },
    done(subscription, { id }) {
      if (done?.subscription !== subscription) settle();
      if (!done) {
        done = { subscription, ids: [] };
        queueMicrotask(settle);
      }
      done.ids.push(id);
    },
    written() {
      settle();
      return file.written();
    },
  };
  return {
    journal,
    restored,
    async close() {
      settle();
      await file.close();
    },
  };
}

async function read(path: string): Promise<Restored> {
  const restorer = makeRestorer();
  if (!existsSync(path)) return restorer.result();
  let number = 0;
  let torn: number | undefined;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    number += 1;
    if (torn !== undefined)
      throw new Error(`Line ${torn} of ${path} cannot be read: move the file away to begin anew.`);
    try {
      restorer.follow(JSON.parse(line) as JournalRecord);
    } catch {
      torn = number;
    }
  }
  return restorer.result();
}

function* checkpoint({ topics, subscriptions, backlogs }: Restored): Generator<JournalRecord> {
  for (const topic of topics) yield { op: 'topic', topic };
  for (const { name, resource, detached } of subscriptions) {
    yield { op: 'subscription', resource, detached };
    const messages = backlogs.get(name) ?? [];
    if (messages.length > 0) yield { op: 'backlog', subscription: name, messages: messages.map(kept) };
  }
}
