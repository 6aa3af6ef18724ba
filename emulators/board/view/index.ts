import { documentId } from '../../../shared/ids.ts';
import { COLLECTIONS } from '../../../shared/pipeline.ts';
import { makePubSubPublisher } from '../../../shared/pubsub-publisher.ts';
import { listen, type RunningEmulator } from '../../emulator.ts';
import type { FunctionLine } from '../../functions.ts';
import type { Stack } from '../../stack.ts';
import type { Stores } from '../../stores.ts';
import type { Stats } from '../stats.ts';
import { makeViewApp } from './app.ts';
import { makeFeed } from './feed.ts';
import { journeyOf, type Shown } from './journey.ts';
import { makeLocalFlow } from './local-flow.ts';
import { makeAssets } from './page-assets.ts';
import { makeQueueReader } from './queue-reader.ts';
import { storeSources } from './store-sources.ts';
import { makeTap } from './tap.ts';
import { makeTraceReader } from './trace-reader.ts';
import { makeTrails } from './trails.ts';

export interface LocalViewOptions {
  readonly stack: Stack;
  readonly stores: Stores;
  readonly stats: Stats;
  readonly say: (line: string) => void;
}

/** The view of a running stack. */
export interface LocalView extends RunningEmulator {
  /** Takes what functions log. */
  observe(line: FunctionLine): void;
}

/** How long the tap stays open after the last page has gone; a reload takes less. */
const LINGER_MS = 5000;
const RECENT = 30;

/** Serves the pipeline view of the stack on this machine. */
export async function startLocalView({ stack, stores, stats, say }: LocalViewOptions): Promise<LocalView> {
  const { project, env, emulators } = stack;
  const trails = makeTrails();
  const tap = makeTap({ pubsub: stores.pubsub, onMessage: trails.message, onTrouble: say });
  const feed = makeFeed({
    source: makeLocalFlow({ stats, queues: makeQueueReader(emulators.get('pubsub')?.url ?? '') }),
    recent: () => trails.newest(RECENT),
    onTrouble: (trouble) => trouble && say(`the pipeline view cannot read its figures: ${trouble}`),
  });
  const shown = async (visitor: string): Promise<Shown | undefined> => {
    const screen = stores.firestore.collection(COLLECTIONS.recommendations).doc(documentId(visitor));
    const data = (await screen.get()).data();
    const writtenAt = Date.parse(String(data?.written_at));
    return Number.isNaN(writtenAt) ? undefined : { eventId: String(data?.trigger?.event_id), writtenAt };
  };
  let lingering: NodeJS.Timeout | undefined;
  const onWatchers = (count: number): void => {
    clearTimeout(lingering);
    if (count > 0) tap.open();
    else lingering = setTimeout(() => void tap.close(), LINGER_MS).unref();
  };
  const publisher = makePubSubPublisher({ projectId: project, emulatorHost: env.PUBSUB_EMULATOR_HOST });
  const stored = storeSources({ ...stores, project, publisher });
  const app = makeViewApp({
    assets: makeAssets(),
    sources: {
      ...stored,
      feed,
      onWatchers,
      journey: async (id) => {
        const trail = trails.find(id);
        if (!trail) return stored.journey(id);
        return journeyOf(trail, trail.visitor ? await shown(trail.visitor) : undefined, Date.now());
      },
      spans: makeTraceReader(emulators.get('traces')?.url),
    },
  });
  const listening = await listen(app);
  return {
    name: 'view',
    url: `http://127.0.0.1:${listening.port}`,
    env: {},
    observe: trails.line,
    close: async () => {
      clearTimeout(lingering);
      feed.close();
      await Promise.all([tap.close(), listening.close()]);
    },
  };
}
