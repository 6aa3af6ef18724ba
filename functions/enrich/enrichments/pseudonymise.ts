import type { EnrichedEvent } from '../../../shared/events.ts';
import { pseudonym } from '../../../shared/ids.ts';
import type { Enrichment } from '../enrichment.ts';
import { redactEmails, treatmentOf } from '../personal-data.ts';

/**
 * Direct identifiers leave the event here. In traits and properties, by key: e-mail, phone and account ids become
 * pseudonyms (equal ones stay equal), names, addresses, birthdays, numbers of documents and cards are removed. E-mail
 * addresses within any other text, the search term included, read `[email]`. `user_id` has been a pseudonym since
 * the event was begun.
 */
export const pseudonymise: Enrichment = {
  name: 'pseudonymise',
  apply(event, { settings: { pseudonymKey } }) {
    const { traits, properties, search_term } = event;
    const fields: Partial<EnrichedEvent> = {};
    if (search_term !== undefined) fields.search_term = redactEmails(search_term);
    if (traits !== undefined) fields.traits = treatObject(traits, pseudonymKey) as typeof traits;
    if (properties !== undefined)
      fields.properties = treatObject(properties, pseudonymKey) as typeof properties;
    return fields;
  },
};

function treatObject(object: object, key: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) => {
      const treatment = treatmentOf(name);
      if (treatment === 'remove') return [];
      const safeName = redactEmails(name);
      return [[safeName, treatment === 'pseudonym' ? hashLeaves(value, key) : treatValue(value, key)]];
    }),
  );
}

function treatValue(value: unknown, key: string): unknown {
  if (typeof value === 'string') return redactEmails(value);
  if (Array.isArray(value)) return value.map((item) => treatValue(item, key));
  return value !== null && typeof value === 'object' ? treatObject(value, key) : value;
}

/** Pseudonyms for every text and number under an identifier's key; flags and nulls identify nobody. */
function hashLeaves(value: unknown, key: string): unknown {
  if (typeof value === 'string' || typeof value === 'number') return pseudonym(key, String(value));
  if (Array.isArray(value)) return value.map((item) => hashLeaves(item, key));
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(
        Object.entries(value).map(([name, item]) => [redactEmails(name), hashLeaves(item, key)]),
      )
    : value;
}
