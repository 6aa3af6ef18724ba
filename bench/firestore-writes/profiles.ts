import { loadProtos } from '../../emulators/protos.ts';

const protos = loadProtos('@google-cloud/firestore/build/protos/v1.json');
const DATABASE = 'projects/demo-bench/databases/(default)';

/** About what a visitor's profile holds: 680 bytes as a write. */
export function profile(index: number): object {
  return {
    user: `visitor-${index}`,
    first_seen: new Date(1_767_225_600_000 + index),
    events: Array.from({ length: 5 }, (_, event) => ({
      event_id: `event-${index}-${event}`,
      event_name: 'view_item',
      item_ids: [`item-${(index + event) % 300}`],
      value: 12.5,
    })),
  };
}

/** Commits of new profiles, as the very bytes that the official client sends. */
export function encodedCommits(collection: string, documents: number, batch: number): Buffer[] {
  return Array.from({ length: documents / batch }, (_, commit) =>
    protos.message('google.firestore.v1.CommitRequest', {
      database: DATABASE,
      writes: Array.from({ length: batch }, (_, offset) => {
        const index = commit * batch + offset;
        const name = `${DATABASE}/documents/${collection}/visitor-${index}`;
        return { update: { name, fields: encodable(profile(index)).mapValue?.fields } };
      }),
    }),
  );
}

/** What a commit of so many documents is answered. */
export function encodedAnswer(batch: number): Buffer {
  const time = { seconds: 1_767_225_600, nanos: 1000 };
  return protos.message('google.firestore.v1.CommitResponse', {
    writeResults: Array.from({ length: batch }, () => ({ updateTime: time })),
    commitTime: time,
  });
}

interface Encodable {
  readonly mapValue?: { readonly fields: Readonly<Record<string, object>> };
}

/** A value as google.firestore.v1.Value has it. */
function encodable(value: unknown): Encodable {
  if (typeof value === 'string') return { stringValue: value } as Encodable;
  if (typeof value === 'number') return { doubleValue: value } as Encodable;
  if (value instanceof Date) {
    const nanos = (value.getTime() % 1000) * 1_000_000;
    return { timestampValue: { seconds: Math.floor(value.getTime() / 1000), nanos } } as Encodable;
  }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(encodable) } } as Encodable;
  const entries = Object.entries(value as object).map(([key, each]) => [key, encodable(each)] as const);
  return { mapValue: { fields: Object.fromEntries(entries) } };
}
