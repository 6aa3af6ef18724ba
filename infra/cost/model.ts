import { ASSUMPTIONS as A } from './assumptions.ts';
import { PRICES as P } from './prices.ts';

/** How events travel: gathered into messages, or each alone. */
export type Batching = 'gathered' | 'single';

/** Dollars per million events. */
export interface Cost {
  readonly eventsPerMessage: number;
  readonly byService: Readonly<Record<string, number>>;
  readonly total: number;
}

const DAY_SECONDS = 86_400;
const GIB = 2 ** 30;
const TIB = 2 ** 40;
const MILLION = 1e6;

/** Events that a message holds when they come at this mean rate: those that arrive at one instance while one publish is under way. */
export function eventsPerMessage(eventsPerDay: number, batching: Batching): number {
  if (batching === 'single') return 1;
  const rate = eventsPerDay / DAY_SECONDS;
  const atOneInstance = Math.min(rate, A.eventsPerInstance);
  const gathered = atOneInstance * A.gatherSeconds;
  return Math.max(1, Math.min(gathered, A.mostEvents, A.mostBytes / A.enrichedBytes));
}

/** What a million events cost at a rate, in dollars. */
export function costOf(eventsPerDay: number, batching: Batching): Cost {
  const batch = eventsPerMessage(eventsPerDay, batching);
  const messages = MILLION / batch;
  const asked = MILLION * A.recommendedShare;
  const days = MILLION / eventsPerDay;
  // enrich, warehouse and recommend take every event; push and warehouse every batch of recommendations.
  const deliveries = messages * 3 + messages * 2 * A.recommendedShare;
  const handled = MILLION * 3 + asked * 2;

  const requests = MILLION / A.eventsPerRequest;
  const ingest =
    (requests / MILLION) * P.run.millionRequests +
    requests * A.cpuSecondsPerMessage * (P.run.vcpuSecond + 0.5 * P.run.gibSecond) +
    // One instance waits all day.
    days * DAY_SECONDS * (P.run.idleVcpuSecond + 0.5 * P.run.idleGibSecond);
  const functions =
    (deliveries / MILLION) * P.run.millionRequests +
    (handled * A.cpuSecondsPerEvent + deliveries * A.cpuSecondsPerMessage) *
      (P.run.vcpuSecond + 0.5 * P.run.gibSecond);

  const carried = (events: number, bytes: number, consumers: number): number => {
    const perMessage = Math.max(P.pubsub.leastBytes, batch * bytes);
    return (events / batch) * perMessage * (1 + consumers);
  };
  const pubsub =
    ((carried(MILLION, A.rawBytes, 1) +
      carried(MILLION, A.enrichedBytes, 2) +
      carried(asked, A.recommendationBytes, 2)) /
      TIB) *
    P.pubsub.tib;

  const appended = (MILLION * A.rowBytes + asked * A.recommendationBytes) / GIB;
  const bigquery = appended * (P.bigquery.appendGib + P.bigquery.storageGibMonth);

  const shared = Math.min(batch, A.eventsPerPerson);
  const firestore =
    ((MILLION / shared + asked) / 1e5) * P.firestore.reads100k +
    ((MILLION / shared + asked) / 1e5) * P.firestore.writes100k;

  const perSecond = (eventsPerDay * A.recommendedShare * A.peak) / DAY_SECONDS;
  const replicas = Math.max(1, Math.ceil(perSecond / A.predictionsPerReplica));
  const vertex = replicas * P.vertex.nodeHour * 24 * days;

  const logging = ((deliveries * A.logBytes) / GIB) * P.logging.gib;
  const byService = {
    'Cloud Run: ingest': ingest,
    'Cloud Run: other functions': functions,
    'Pub/Sub': pubsub,
    BigQuery: bigquery,
    Firestore: firestore,
    'Vertex AI': vertex,
    Logging: logging,
  };
  return { eventsPerMessage: batch, byService, total: sum(byService) };
}

/**
 * Enrichment and loading by a Dataflow streaming job in place of enrich and warehouse: what the job costs per million
 * events. At least one worker of two vCPU and 7.5 GiB runs all day.
 */
export function dataflowCost(eventsPerDay: number): number {
  const peakRate = (eventsPerDay * A.peak) / DAY_SECONDS;
  const vcpus = Math.max(2, Math.ceil(peakRate / A.dataflowEventsPerVcpu / 2) * 2);
  const day = 24 * (vcpus * P.dataflow.vcpuHour + vcpus * 3.75 * P.dataflow.gibHour);
  const engine = ((eventsPerDay * (A.rawBytes + A.rowBytes)) / GIB) * P.dataflow.engineGib;
  return ((day + engine) * MILLION) / eventsPerDay;
}

/** What enrich and warehouse cost by functions, to set beside `dataflowCost`: requests, processor and memory. */
export function functionsInPlaceOfDataflow(eventsPerDay: number, batching: Batching): number {
  const deliveries = (MILLION / eventsPerMessage(eventsPerDay, batching)) * 2;
  const seconds = MILLION * 2 * A.cpuSecondsPerEvent + deliveries * A.cpuSecondsPerMessage;
  return (
    (deliveries / MILLION) * P.run.millionRequests + seconds * (P.run.vcpuSecond + 0.5 * P.run.gibSecond)
  );
}

function sum(parts: Readonly<Record<string, number>>): number {
  return Object.values(parts).reduce((a, b) => a + b, 0);
}
