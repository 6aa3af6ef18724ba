import { Consent, Item, NativeEvent } from './events.ts';
import { type Fields, fieldsOf } from './json.ts';

const EVENT: ReadonlySet<string> = new Set(Object.keys(NativeEvent.shape));
const ITEM: ReadonlySet<string> = new Set(Object.keys(Item.shape));
const CONSENT: ReadonlySet<string> = new Set(Object.keys(Consent.shape));
const PAGE: ReadonlySet<string> = new Set(['url', 'referrer', 'title']);

/**
 * The event with the fields that its schema does not know moved under `properties`, by the same names, so that nothing a
 * client sends is lost: those of the event itself as `properties.<name>`, those of items as `properties.items`, one
 * object for each item, those of page and consent as `properties.page` and `properties.consent`. Where `properties`
 * has the name already, the event's own is `properties.event.<name>`. An event that knows all its fields is
 * returned as it is; so is one whose `properties` are no object, which the schema rejects.
 */
export function keepUnknown(event: Fields): Fields {
  const unknown = unknownOf(event, EVENT);
  const items = itemDetails(event.items);
  const page = unknownOf(fieldsOf(event.page), PAGE);
  const consent = unknownOf(fieldsOf(event.consent), CONSENT);
  if (!unknown && !items && !page && !consent) return event;
  const properties = event.properties === undefined ? {} : fieldsOf(event.properties);
  if (!properties) return event;
  const added = {
    ...unknown,
    ...(items ? { items } : {}),
    ...(page ? { page } : {}),
    ...(consent ? { consent } : {}),
  };
  const taken = Object.fromEntries(Object.entries(added).filter(([name]) => name in properties));
  const clash = Object.keys(taken).length === 0 ? {} : { event: taken };
  return { ...event, properties: { ...clash, ...added, ...properties } };
}

function unknownOf(fields: Fields | undefined, known: ReadonlySet<string>): Fields | undefined {
  let found: Record<string, unknown> | undefined;
  for (const name in fields) {
    if (known.has(name)) continue;
    found ??= {};
    found[name] = fields[name];
  }
  return found;
}

/** One object for each item, empty where the item has no further fields; undefined where none has. */
function itemDetails(items: unknown): readonly Fields[] | undefined {
  if (!Array.isArray(items)) return undefined;
  const some = items.some((item: unknown) => unknownOf(fieldsOf(item), ITEM) !== undefined);
  return some ? items.map((item: unknown) => unknownOf(fieldsOf(item), ITEM) ?? {}) : undefined;
}
