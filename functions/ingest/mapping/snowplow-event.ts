import { type Fields, fieldsOf } from '../../../shared/json.ts';
import { compact, definedOrNone, instant, numeric, textual, without } from './coerce.ts';
import { dataOf, type Entity, embeddedJson, entitiesIn, entityOf } from './iglu.ts';
import { snowplowCommerce } from './snowplow-commerce.ts';

/** An event that cannot be read; `path` is the parameter at fault. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly path: string;

  constructor(path: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.path = path;
  }
}

/** Parameters that are read, or that tell of the transport only; `ip` is not taken, since a client can name any. */
const READ = new Set(
  'e eid dtm stm ttm uid duid nuid tnuid sid url page refr ua ip ue_px ue_pr cx co'.split(' '),
);

/** What the kinds of event are made of: the name, and properties by the parameter they come in. */
interface Kind {
  readonly prefix: string;
  readonly event: (p: Fields) => Fields;
}
const KINDS: Readonly<Record<string, Kind>> = {
  pv: { prefix: 'pv_', event: () => ({ event_name: 'page_view' }) },
  pp: {
    prefix: 'pp_',
    event: (p) => ({
      event_name: 'page_ping',
      properties: {
        min_x: numeric(p.pp_mix),
        max_x: numeric(p.pp_max),
        min_y: numeric(p.pp_miy),
        max_y: numeric(p.pp_may),
      },
    }),
  },
  se: {
    prefix: 'se_',
    event: (p) => ({
      event_name: textual(p.se_ac),
      properties: { category: p.se_ca, label: p.se_la, property: p.se_pr, value: numeric(p.se_va) },
    }),
  },
  tr: {
    prefix: 'tr_',
    event: (p) => ({
      event_name: 'purchase',
      transaction_id: textual(p.tr_id),
      value: numeric(p.tr_tt),
      currency: textual(p.tr_cu),
      properties: {
        affiliation: p.tr_af,
        tax: numeric(p.tr_tx),
        shipping: numeric(p.tr_sh),
        city: p.tr_ci,
        state: p.tr_st,
        country: p.tr_co,
      },
    }),
  },
  ti: {
    prefix: 'ti_',
    event: (p) => ({
      event_name: 'purchase',
      transaction_id: textual(p.ti_id),
      currency: textual(p.ti_cu),
      items: [
        compact({
          item_id: textual(p.ti_sk),
          item_name: textual(p.ti_nm),
          item_category: textual(p.ti_ca),
          price: numeric(p.ti_pr),
          quantity: numeric(p.ti_qu),
        }),
      ],
    }),
  },
};

/**
 * The canonical event of one payload of Snowplow's tracker protocol.
 * https://docs.snowplow.io/docs/events/going-deeper/http-requests/
 * @throws Unreadable where its self-describing JSON is none.
 */
export function snowplowEvent(payload: Fields): Record<string, unknown> {
  const { entities, others } = entitiesIn(readJson(payload, 'co', 'cx'));
  const e = typeof payload.e === 'string' ? payload.e : '';
  const kind = Object.hasOwn(KINDS, e) ? KINDS[e] : undefined;
  const { left, ...specific } = kind
    ? { left: entities, ...kind.event(payload) }
    : selfDescribing(e, payload, entities);
  const session = dataOf(entities, 'client_session') ?? {};
  const user = dataOf(entities, 'user') ?? {};
  const kept = left.filter(({ name }) => name !== 'user').map(({ schema, data }) => ({ schema, data }));
  const context = without(payload, READ);
  for (const name in context) if (kind && name.startsWith(kind.prefix)) delete context[name];
  return compact({
    event_id: textual(payload.eid),
    event_time: instant(payload.ttm ?? payload.dtm),
    anonymous_id: textual(payload.duid ?? session.userId ?? payload.tnuid ?? payload.nuid),
    user_id: textual(payload.uid ?? user.id),
    session_id: textual(payload.sid ?? session.sessionId),
    page: definedOrNone({
      url: textual(payload.url),
      referrer: textual(payload.refr),
      title: textual(payload.page),
    }),
    traits: definedOrNone(without(user, new Set(['id']))),
    recommendation_id: recommendationOf(specific, entities),
    ...specific,
    properties: definedOrNone({
      ...compact(fieldsOf(specific.properties) ?? {}),
      entities: kept.length + others.length > 0 ? [...kept, ...others] : undefined,
      context: definedOrNone(context),
    }),
  });
}

/** The recommendation that is answered to: Snowplow has no place for it, so an entity or the event's own data may name it. */
function recommendationOf({ properties }: Fields, entities: readonly Entity[]): unknown {
  const told = [properties, ...entities.map(({ data }) => data)].map(
    (data) => fieldsOf(data)?.recommendation_id,
  );
  return textual(told.find((id) => id !== undefined && id !== null));
}

/** An event under a schema of its own; `left` are the entities that are not in its fields. */
function selfDescribing(
  e: string,
  payload: Fields,
  entities: readonly Entity[],
): Fields & { readonly left: readonly Entity[] } {
  if (e !== 'ue') {
    throw new Unreadable(
      'e',
      `${JSON.stringify(e.slice(0, 64))} is no kind of event; known are pv, pp, se, tr, ti, ue`,
    );
  }
  const envelope = fieldsOf(readJson(payload, 'ue_pr', 'ue_px'));
  const event = entityOf(envelope?.data);
  if (!event) {
    throw new Unreadable(
      'ue_pr',
      'holds no self-describing event {"schema":"iglu:…","data":{…}} in its envelope',
    );
  }
  return snowplowCommerce(event, entities);
}

function readJson(payload: Fields, plain: string, encoded: string): unknown {
  try {
    return embeddedJson(payload[plain], payload[encoded]);
  } catch (cause) {
    const path = payload[encoded] ? encoded : plain;
    throw new Unreadable(path, 'is not JSON (in base64, where the name ends in x)', cause);
  }
}
