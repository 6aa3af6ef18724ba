import type { RawEvent } from '../../shared/events.ts';
import { pseudonym } from '../../shared/ids.ts';

/** Whose event it is as far as the event itself tells: the pseudonym of the user it names, else the device, else nobody else's. */
export function userKeyOf(raw: RawEvent, pseudonymKey: string): string {
  if (raw.user_id !== undefined) return pseudonym(pseudonymKey, raw.user_id);
  return raw.anonymous_id ?? raw.event_id;
}
