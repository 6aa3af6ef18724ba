import type { RecentEvent, TracedJourney } from '../../../emulators/board/view/protocol.ts';
import { ask } from '../parts/api.ts';
import { el } from '../parts/dom.ts';
import { makeJourneySheet } from './journey-sheet.ts';
import { eventHash, type View } from './view.ts';

const AGAIN_MS = 500;
/** How often an event is asked for again that does not arrive, or whose spans do not. */
const PATIENCE = 120;
/** So many looks alike end the following of an event that has arrived: until then it may turn up in another topic. */
const STILL = 10;

/** One event's way, followed while it is under way. */
export function makeEventView(): View {
  const input = el('input', {
    id: 'event-id',
    name: 'id',
    required: '',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const newest = el('button', { type: 'button', class: 'quiet' }, 'Follow the newest');
  const form = el(
    'form',
    { class: 'ask' },
    el('label', { for: 'event-id' }, 'Event id'),
    input,
    el('button', { type: 'submit' }, 'Follow'),
    newest,
  );
  const state = el(
    'p',
    { role: 'status', class: 'status' },
    'Give an event’s id, or click one of the newest events under Flow.',
  );
  const sheet = makeJourneySheet();
  let recent: readonly RecentEvent[] = [];
  let timer = 0;
  let turn = 0;
  let drawn = '';
  let still = 0;

  const look = async (id: string, mine: number, tries: number): Promise<void> => {
    let again = true;
    try {
      const journey = await ask<TracedJourney>(`/api/events/${encodeURIComponent(id)}`);
      if (turn !== mine) return;
      state.textContent = stateOf(journey);
      const seen = JSON.stringify(journey);
      still = seen === drawn ? still + 1 : 0;
      if (seen !== drawn) sheet.show(journey);
      drawn = seen;
      again = isOpen(journey) || lacksSpans(journey) || (isWatched(journey) && still < STILL);
    } catch (error) {
      if (turn !== mine) return;
      state.textContent = error instanceof Error ? error.message : String(error);
    }
    if (again && tries < PATIENCE) timer = window.setTimeout(() => void look(id, mine, tries + 1), AGAIN_MS);
  };
  const stop = (): void => {
    turn += 1;
    clearTimeout(timer);
  };
  const follow = (id: string): void => {
    stop();
    input.value = id;
    sheet.clear();
    drawn = '';
    state.textContent = 'Looking …';
    void look(id, turn, 0);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const id = input.value.trim();
    // The address of the event that it shows already changes nothing.
    if (location.hash === eventHash(id)) follow(id);
    else location.hash = eventHash(id);
  });
  newest.addEventListener('click', () => {
    const [first] = recent;
    if (first) location.hash = eventHash(first.event_id);
    else state.textContent = 'No event has come in since this page was opened.';
  });
  return {
    name: 'event',
    label: 'Follow an event',
    element: el(
      'section',
      { 'aria-label': 'Follow an event' },
      el('div', { class: 'card' }, form, state, sheet.element),
    ),
    hide: stop,
    update: ({ events }) => {
      recent = events;
    },
    show(id) {
      if (id === '') stop();
      else follow(id);
    },
  };
}

function stateOf(journey: TracedJourney): string {
  if (isOpen(journey)) return 'Under way …';
  if (journey.outcome === 'failed') return 'Given up. Replayed, it goes on here.';
  return journey.on_screen === false
    ? 'Arrived. The screen shows a newer recommendation by now.'
    : 'Arrived.';
}

/** Whether more of it is to come: the outcome, or a reader that has not read. */
function isOpen({ outcome, steps }: TracedJourney): boolean {
  return outcome === 'under way' || steps.some((step) => step.outcome === 'open');
}

/** Whether it was seen in topics, and not in the warehouse alone. */
function isWatched({ steps }: TracedJourney): boolean {
  return steps.some(({ kind }) => kind === 'wait');
}

/** Whether some function's spans are not there yet: they are sent some time after the work, many at once. */
function lacksSpans({ trace_id, steps, spans }: TracedJourney): boolean {
  if (trace_id === null) return false;
  return steps.some(({ kind, place }) => kind === 'work' && !spans.some(({ service }) => service === place));
}
