/** How the pipeline takes a fault. */
export type Answer = 'retried' | 'shed' | 'degraded' | 'recorded';

/** One row of the table in docs/operations.md, each held by the test of its name in test/e2e/faults.test.ts. */
export interface FaultRow {
  readonly fault: string;
  readonly answer: Answer;
  /** What becomes of the event. */
  readonly what: string;
  /** Where it is seen. */
  readonly seen: string;
}

const AGAIN = 'the line `the batch will be delivered again`; alert `redelivery`';

/** Every fault that the pipeline is built for, by service. */
export const FAULTS = {
  'pubsub-unavailable': {
    fault: 'Pub/Sub refuses to publish (UNAVAILABLE)',
    answer: 'shed',
    what: 'ingest tries for 4 s, then answers 503 with Retry-After: the client keeps its events. Other functions throw, and their messages come again',
    seen: "ingest's 5xx; `requests are answered 503`",
  },
  'pubsub-silent': {
    fault: 'Pub/Sub does not answer',
    answer: 'shed',
    what: 'ingest answers 503 after 4 s (`ACK_TIMEOUT_MS`); memory stays bounded by `MAX_IN_FLIGHT_BYTES`',
    seen: "ingest's 5xx",
  },
  'pubsub-lost-answer': {
    fault: 'Pub/Sub publishes, and the answer is lost',
    answer: 'retried',
    what: 'the message is published twice, and its rows are appended twice; the view shows each event once',
    seen: '`event_rows` above `stored` in the view `conservation`',
  },
  'bigquery-quota': {
    fault: 'BigQuery is out of quota (RESOURCE_EXHAUSTED)',
    answer: 'retried',
    what: 'the append is tried again for 20 s (`APPEND_RETRY_MS`) with growing, jittered delays, then the message comes again',
    seen: AGAIN,
  },
  'bigquery-unavailable': {
    fault: 'BigQuery refuses appends for longer than that',
    answer: 'retried',
    what: 'warehouse throws; Pub/Sub delivers again with backoff, up to 20 times, then the events become dead letters',
    seen: `${AGAIN}; alert \`oldest-unacked\``,
  },
  'bigquery-silent': {
    fault: 'BigQuery does not answer an append',
    answer: 'retried',
    what: 'after 15 s (`APPEND_DEADLINE_MS`) the connection is given up and another is opened',
    seen: 'duration of warehouse; `BigQuery did not answer an append`',
  },
  'bigquery-lost-answer': {
    fault: 'BigQuery appends, and the answer is lost',
    answer: 'retried',
    what: 'rows are appended twice; the view shows each event once',
    seen: '`event_rows` above `stored` in the view `conservation`',
  },
  'bigquery-bad-rows': {
    fault: 'BigQuery refuses single rows',
    answer: 'recorded',
    what: 'the others are appended; each refused row is a failed event with the reason `warehouse_rejected`',
    seen: 'alert `error-share`; `failed_events`',
  },
  'vertex-unavailable': {
    fault: 'Vertex AI answers 503 (UNAVAILABLE)',
    answer: 'degraded',
    what: "tried twice, then the model's popularity list is shown; after 5 failures in a row the model is left alone for 10 s",
    seen: '`source` = `popularity`; alert `fallback-share`',
  },
  'vertex-quota': {
    fault: 'Vertex AI answers 429 (RESOURCE_EXHAUSTED)',
    answer: 'degraded',
    what: 'as above',
    seen: 'alert `fallback-share`',
  },
  'vertex-silent': {
    fault: 'Vertex AI does not answer',
    answer: 'degraded',
    what: 'as above, after 800 ms (`VERTEX_TIMEOUT_MS`) each time',
    seen: 'alert `fallback-share`; `vertex_ms` of recommend',
  },
  'firestore-aborted': {
    fault: 'Firestore aborts writes (ABORTED)',
    answer: 'retried',
    what: 'the bulk writer writes again with backoff and jitter',
    seen: 'duration of enrich and push',
  },
  'firestore-contention': {
    fault: 'Many messages of one person at the same time',
    answer: 'retried',
    what: 'they share one read and one write; what another instance changed meanwhile is planned anew, at most 10 times, with jitter. No event of a history is lost',
    seen: 'duration of enrich',
  },
  'firestore-quota': {
    fault: 'Firestore is out of quota (RESOURCE_EXHAUSTED)',
    answer: 'retried',
    what: 'by the client, then by redelivery; neither warehouse nor screen sees an event before its profile is durable',
    seen: AGAIN,
  },
  'firestore-unavailable': {
    fault: 'Firestore is unavailable',
    answer: 'retried',
    what: 'enrich and push throw and their messages come again; recommend skips clicks that have waited for 10 minutes',
    seen: AGAIN,
  },
  'fcm-quota': {
    fault: 'FCM is out of quota (429)',
    answer: 'retried',
    what: 'with backoff and jitter, not before Retry-After, at most 4 times and 10 s (`PUSH_FCM_DEADLINE_MS`)',
    seen: '`notify_failed` of push',
  },
  'fcm-silent': {
    fault: 'FCM fails for longer, or does not answer',
    answer: 'degraded',
    what: 'the screen is written all the same; the message is given up',
    seen: '`push messages were given up`',
  },
  'storage-unavailable': {
    fault: 'Cloud Storage cannot be read',
    answer: 'retried',
    what: 'the file is reported to load again, which goes on where it was',
    seen: AGAIN,
  },
  'function-killed': {
    fault: 'A function dies',
    answer: 'retried',
    what: 'what it had not acknowledged comes again; whatever was done already is done again to no effect',
    seen: 'restarts of the service',
  },
  'poison-event': {
    fault: 'An event makes its batch fail every time',
    answer: 'recorded',
    what: 'the batch is halved until the event is alone; that one is a failed event, the others go on. What kills the function itself becomes dead letters after 20 deliveries; replayed, each event comes alone',
    seen: 'alerts `error-share` and `dead-letters`',
  },
} as const satisfies Readonly<Record<string, FaultRow>>;
export type FaultName = keyof typeof FAULTS;

/** The table as Markdown. */
export function renderFaults(): string {
  const rows: readonly FaultRow[] = Object.values(FAULTS);
  const lines = rows.map(({ fault, answer, what, seen }) => `| ${fault} | ${answer} | ${what} | ${seen} |`);
  return ['| What fails | The event is | How | Seen by |', '|---|---|---|---|', ...lines].join('\n');
}
