import { el } from '../parts/dom.ts';
import { eventHash } from './view.ts';

/** A failed event as the warehouse has it; every cell as text, empty where it is NULL. */
export type FailureRow = Readonly<Record<string, string>>;

/** Asks for a replay of one failed event, as it is or as it was edited. */
export type AskReplay = (failedId: string, mended?: object) => void;

export interface FailureEntryOptions {
  readonly replayable: boolean;
  readonly onReplay: AskReplay;
  /** Told what is wrong with an edited payload. */
  readonly onRefused: (message: string) => void;
}

const APART: ReadonlySet<string> = new Set(['payload', 'function', 'reason', 'message']);

/** One failed event: why, with its payload, to be edited and sent in again. */
export function failureEntry(row: FailureRow, options: FailureEntryOptions): HTMLElement {
  const { failed_id: id = '', event_id: eventId = '' } = row;
  const payload = el('textarea', { 'aria-label': 'Payload', rows: '10', spellcheck: 'false' });
  const original = pretty(row.payload ?? '');
  payload.value = original;
  const button = el('button', { type: 'button', class: 'quiet' }, 'Replay');
  button.disabled = !options.replayable;
  payload.addEventListener('input', () => {
    button.textContent = payload.value === original ? 'Replay' : 'Replay as edited';
  });
  button.addEventListener('click', () => {
    if (payload.value === original) return options.onReplay(id);
    const mended = objectOf(payload.value);
    if (mended) options.onReplay(id, mended);
    else options.onRefused('The edited payload is no JSON object; nothing was sent.');
  });
  const replayed = row.replayed_at ? [' ', el('span', { class: 'badge' }, 'replayed')] : [];
  const facts = Object.entries(row).filter(([name, value]) => !APART.has(name) && value !== '');
  return el(
    'details',
    {},
    el(
      'summary',
      {},
      el('strong', {}, `${row.function}: ${row.reason}`),
      ` ${row.message ?? ''}`,
      ...replayed,
    ),
    el(
      'p',
      { class: 'actions' },
      button,
      ...(eventId === '' ? [] : [el('a', { href: eventHash(eventId) }, 'Follow the event')]),
    ),
    payload,
    el(
      'dl',
      { class: 'facts' },
      ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]),
    ),
  );
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function pretty(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
