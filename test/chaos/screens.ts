import type { Firestore, QuerySnapshot } from '@google-cloud/firestore';
import type { Stores } from '../../emulators/stores.ts';
import { type Freshness, freshnessOf, isNewer } from '../../functions/push/freshness.ts';
import type { Recommendation } from '../../shared/events.ts';
import { COLLECTIONS, DATASET } from '../../shared/pipeline.ts';

/** What visitors' pages were shown, as pages see it. */
export interface ScreenWatch {
  /** Screens that appeared or changed. */
  readonly changes: number;
  /** Visitors whose page was shown something older than it had shown before. */
  readonly older: readonly string[];
  /** Why nothing more is seen; undefined while all is well. */
  readonly failure: string | undefined;
  /** Ends the watch. */
  stop(): void;
}

type Shown = Pick<Recommendation, 'trigger' | 'generated_at'>;

/** Listens to every visitor's recommendations, as their pages do. */
export function watchScreens(firestore: Firestore): ScreenWatch {
  const shown = new Map<string, Freshness>();
  const older: string[] = [];
  let changes = 0;
  let failure: string | undefined;
  const see = (snapshot: QuerySnapshot): void => {
    for (const { doc } of snapshot.docChanges()) {
      const now = freshnessOf(doc.data() as Shown);
      const before = shown.get(doc.id);
      changes += 1;
      if (before && isNewer(before, now)) older.push(doc.id);
      shown.set(doc.id, now);
    }
  };
  const stop = firestore.collection(COLLECTIONS.recommendations).onSnapshot(see, (error) => {
    failure = error.message;
  });
  return {
    get changes() {
      return changes;
    },
    get failure() {
      return failure;
    },
    older,
    stop,
  };
}

/** Visitors whose screen lacks the newest recommendation that was made for them. */
export async function screensBehind({ bigquery, firestore }: Stores): Promise<readonly string[]> {
  const [rows] = await bigquery.query(
    `SELECT visitor_id, MAX(\`trigger\`.event_time) AS newest FROM \`${DATASET}.recommendations\` GROUP BY visitor_id`,
  );
  const { docs } = await firestore.collection(COLLECTIONS.recommendations).get();
  const shown = new Map(docs.map((doc) => [doc.id, freshnessOf(doc.data() as Shown).eventTime]));
  return (rows as readonly { visitor_id: string; newest: { value: string } }[]).flatMap(
    ({ visitor_id, newest }) =>
      (shown.get(visitor_id) ?? Number.NEGATIVE_INFINITY) < Date.parse(newest.value) ? [visitor_id] : [],
  );
}
