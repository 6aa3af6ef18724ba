import type { Access, Document, View } from '../backend.ts';
import { asFirestoreError } from '../firestore-error.ts';
import type { ListenEvent, ListenObserver, ListenStream, Target } from '../listen.ts';
import type { Micros } from '../values.ts';
import type { DocumentSource } from './document-store.ts';
import type { Change } from './history.ts';
import { type LiveTarget, makeLiveTarget } from './live-target.ts';
import { makeResumeToken, resumeTime } from './resume-token.ts';

/** What listeners read of the store they listen to. */
export interface Listened {
  readonly source: DocumentSource;
  now(): Micros;
  /** Documents that changed after a time, as they were then; undefined where that is unknown. */
  since(time: Micros): ReadonlyMap<string, Document | undefined> | undefined;
  at(time: Micros): DocumentSource;
}

/** Every open stream. */
export interface Listeners {
  open(observer: ListenObserver, access: Access | undefined): ListenStream;
  /** Tells a commit to all whom it concerns. */
  notify(time: Micros, changes: readonly Change[]): void;
}

export function makeListeners(listened: Listened): Listeners {
  const { source } = listened;
  const streams = new Set<(time: Micros, changes: readonly Change[]) => void>();
  const viewAt = (time: Micros): View => ({ time, get: source.get });

  function open(observer: ListenObserver, access: Access | undefined): ListenStream {
    const targets = new Map<number, LiveTarget>();

    /** A target that fails is removed, and says why. */
    function attempt(id: number, events: () => readonly ListenEvent[]): readonly ListenEvent[] {
      try {
        return events();
      } catch (error) {
        targets.delete(id);
        return [{ kind: 'target', change: 'REMOVE', targetIds: [id], cause: asFirestoreError(error) }];
      }
    }

    function begin(target: Target, time: Micros): readonly ListenEvent[] {
      const live = makeLiveTarget(target, access);
      const events = [...first(live, target, viewAt(time))];
      if (target.once) return [...events, change('REMOVE', target.id)];
      targets.set(target.id, live);
      return events;
    }

    function* first(live: LiveTarget, target: Target, view: View): Iterable<ListenEvent> {
      yield change('ADD', target.id);
      const missed = changesMissed(live, target);
      if (missed) yield* live.changed(missed, source, view);
      else {
        if (target.resume) yield change('RESET', target.id);
        yield* live.all(source, view);
      }
      yield { ...change('CURRENT', target.id), ...reached(view.time) };
    }

    /** What happened since a client left off; undefined where it must have everything anew. */
    function changesMissed(live: LiveTarget, target: Target): readonly Change[] | undefined {
      const from = resumeTime(target.resume);
      const former = from === undefined ? undefined : listened.since(from);
      if (from === undefined || former === undefined) return undefined;
      const { count } = live.resume(listened.at(from));
      if ((target.expectedCount ?? count) !== count) return undefined;
      return [...former].map(([name, before]) => ({ name, before, after: source.get(name) }));
    }

    function notify(time: Micros, changes: readonly Change[]): void {
      const view = viewAt(time);
      const events = [...targets].flatMap(([id, live]) =>
        attempt(id, () => live.changed(changes, source, view)),
      );
      if (events.length > 0) observer([...events, snapshot(time)]);
    }

    streams.add(notify);
    return {
      add(target) {
        const time = listened.now();
        observer([...attempt(target.id, () => begin(target, time)), snapshot(time)]);
      },
      remove(id) {
        if (targets.delete(id)) observer([change('REMOVE', id)]);
      },
      heartbeat: () => observer([snapshot(listened.now())]),
      close() {
        targets.clear();
        streams.delete(notify);
      },
    };
  }

  return {
    open,
    notify(time, changes) {
      for (const notify of streams) notify(time, changes);
    },
  };
}

type TargetEvent = ListenEvent & { readonly kind: 'target' };

function change(kind: TargetEvent['change'], id: number): TargetEvent {
  return { kind: 'target', change: kind, targetIds: [id] };
}

/** Everything up to a time has been told. */
function snapshot(time: Micros): TargetEvent {
  return { kind: 'target', change: 'NO_CHANGE', targetIds: [], ...reached(time) };
}

function reached(time: Micros): { readonly readTime: Micros; readonly resumeToken: Uint8Array } {
  return { readTime: time, resumeToken: makeResumeToken(time) };
}
