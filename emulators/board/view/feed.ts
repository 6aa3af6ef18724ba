import type { FlowSnapshot, RecentEvent, Update } from './protocol.ts';

/** Where the figures come from: the local stack, or Cloud Monitoring. */
export interface FlowSource {
  /** @throws Error where they cannot be read now; they are asked for again. */
  read(): Promise<FlowSnapshot>;
  /** How often they are worth reading, in milliseconds. */
  readonly everyMs: number;
}

/** Someone who watches. Updates that come while one is still being written are left out, the newest is next. */
export type Watcher = (update: Update) => Promise<void>;

/** Reads the source by the clock and tells everyone who watches. */
export interface Feed {
  /** Answers a function that ends the watching. */
  watch(watcher: Watcher): () => void;
  /** One snapshot a second of the last five minutes, oldest first. */
  history(): readonly FlowSnapshot[];
  /** How many updates watchers were too slow for. */
  dropped(): number;
  close(): void;
}

export interface FeedOptions {
  readonly source: FlowSource;
  readonly recent: () => readonly RecentEvent[];
  /** Told once when reading begins to fail, and once when it works again. */
  readonly onTrouble?: (message: string | undefined) => void;
}

const HISTORY = 300;
/** How often the history grows, and the source is read while nobody watches. */
const SECOND = 1000;

/** @see FlowSource.everyMs for the rate of updates, which does not depend on the rate of events */
export function makeFeed({ source, recent, onTrouble = () => undefined }: FeedOptions): Feed {
  const watchers = new Map<Watcher, { busy: boolean }>();
  const history: FlowSnapshot[] = [];
  let dropped = 0;
  let troubled = false;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const remember = (snapshot: FlowSnapshot): void => {
    const last = history.at(-1);
    if (last && snapshot.at - last.at < SECOND) return;
    history.push(snapshot);
    if (history.length > HISTORY) history.shift();
  };
  const tell = (update: Update): void => {
    for (const [watcher, state] of watchers) {
      if (state.busy) {
        dropped += 1;
        continue;
      }
      state.busy = true;
      watcher(update)
        .catch(() => watchers.delete(watcher))
        .finally(() => {
          state.busy = false;
        });
    }
  };
  const turn = async (): Promise<void> => {
    try {
      const snapshot = await source.read();
      remember(snapshot);
      tell({ snapshot, events: recent() });
      if (troubled) onTrouble(undefined);
      troubled = false;
    } catch (error) {
      if (!troubled) onTrouble(error instanceof Error ? error.message : String(error));
      troubled = true;
    }
    if (!closed) schedule();
  };
  const schedule = (wait = watchers.size > 0 ? source.everyMs : Math.max(SECOND, source.everyMs)): void => {
    timer = setTimeout(() => void turn(), wait);
    timer.unref();
  };
  schedule(0);

  return {
    watch(watcher) {
      watchers.set(watcher, { busy: false });
      return () => void watchers.delete(watcher);
    },
    history: () => history,
    dropped: () => dropped,
    close() {
      closed = true;
      clearTimeout(timer);
      watchers.clear();
    },
  };
}
