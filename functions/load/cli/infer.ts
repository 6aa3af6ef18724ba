import { stringify } from 'yaml';
import { EVENT_NAMES } from '../../../shared/events.ts';
import { fileSource } from '../formats/byte-source.ts';
import { formatOf, readRowGroups } from '../formats/read-rows.ts';
import { type ColumnSeen, columnTypes } from './column-types.ts';

/** Records that are looked at. */
const SAMPLE = 2_000;

/** How columns of a field are usually named, without regard to case and separators; the first that fits is taken. */
const NAMES: Readonly<Record<string, RegExp>> = {
  event_id: /^(eventid|messageid|insertid|hitid)$/,
  event_time:
    /^(eventtime|eventtimestamp|timestamp|timestamps|time|ts|datetime|createdat|occurredat|date|eventdate|receivedat)$/,
  event_name: /^(eventname|event|eventtype|type|action|behaviou?r|behaviou?rtype|interaction)$/,
  anonymous_id:
    /^(anonymousid|visitorid|deviceid|clientid|userpseudoid|cookieid|userid|customerid|uid|sessionid|usersession)$/,
  user_id: /^(userid|customerid|accountid|memberid)$/,
  session_id: /^(sessionid|usersession|visitid|session)$/,
  value: /^(value|revenue|total|amount|ordertotal)$/,
  currency: /^(currency|currencycode)$/,
  transaction_id: /^(transactionid|orderid|ordernumber|ordernr)$/,
  search_term: /^(searchterm|query|searchquery|q)$/,
  'page.url': /^(pageurl|url|pagelocation|location)$/,
  'page.referrer': /^(referrer|referer|pagereferrer)$/,
};
const ITEM_NAMES: Readonly<Record<string, RegExp>> = {
  item_id: /^(itemid|productid|sku|articleid|productsku|item|product|asin)$/,
  item_name: /^(itemname|productname|producttitle)$/,
  item_brand: /^(brand|itembrand)$/,
  item_category: /^(category|categoryid|categorycode|itemcategory|productcategory)$/,
  price: /^(price|itemprice|unitprice)$/,
  quantity: /^(quantity|qty|count)$/,
};
const NUMBERS = new Set(['value', 'price', 'quantity']);

/** What shops call events, to the canonical names. */
const EVENTS: readonly (readonly [RegExp, (typeof EVENT_NAMES)[number]])[] = [
  [/^(remove|del).*(cart|basket|bag)/, 'remove_from_cart'],
  [/(add.*(cart|basket|bag))|^(cart|basket)$/, 'add_to_cart'],
  [/wish|fav(ou?rite)?|like/, 'add_to_wishlist'],
  [/purchase|transaction|order|buy|sale|bought/, 'purchase'],
  [/refund|return/, 'refund'],
  [/checkout/, 'begin_checkout'],
  [/search/, 'search'],
  [/(product|item|detail).*(view|click)|^(view|pv|detail)$|view.*(item|product)/, 'view_item'],
  [/^click|select/, 'select_item'],
  [/list/, 'view_item_list'],
  [/page/, 'page_view'],
];

/**
 * Proposes a source for a file by its columns' names and values: YAML to look through, with a comment on what was not understood.
 * @throws FileRefused, and where the file cannot be read
 */
export async function inferSource(path: string): Promise<string> {
  const file = await fileSource(path);
  const format = await formatOf(file);
  const records: Readonly<Record<string, unknown>>[] = [];
  if (format) {
    for await (const group of readRowGroups(file, format, { from: format.start })) {
      for (const row of group) if ('row' in row && records.length < SAMPLE) records.push(row.row);
      if (records.length === SAMPLE) break;
    }
  }
  return proposal(path, columnTypes(records));
}

/** The YAML for columns as seen. */
export function proposal(file: string, columns: readonly ColumnSeen[]): string {
  const used = new Set<ColumnSeen>();
  const find = (pattern: RegExp | undefined, fits: (column: ColumnSeen) => boolean = () => true) => {
    const found = columns.find(
      (each) => !used.has(each) && fits(each) && pattern?.test(plainName(each.column)),
    );
    return found;
  };
  const fields: Record<string, unknown> = {};
  const time = find(NAMES.event_time, isTime) ?? columns.find(isTime) ?? find(NAMES.event_time);
  if (time) {
    used.add(time);
    fields.event_time = timeRule(time);
  }
  for (const [field, pattern] of Object.entries(NAMES)) {
    if (field === 'event_time') continue;
    const column = find(pattern);
    if (!column) continue;
    // A visitor without an id of its own is known by the session; the session's column serves both.
    if (!(field === 'anonymous_id' && NAMES.session_id?.test(plainName(column.column)))) used.add(column);
    if (field === 'event_name') fields[field] = eventRule(column);
    else fields[field] = NUMBERS.has(field) ? { column: column.column, as: 'number' } : column.column;
  }
  if (fields.event_name === undefined) fields.event_name = { constant: 'view_item' };
  const item: Record<string, unknown> = {};
  const list = columns.find(
    (each) => each.type === 'list' && /items|products|lines|basket|cart/i.test(each.column),
  );
  if (list) {
    used.add(list);
    Object.assign(item, { each: list.column, item_id: 'item_id', price: { column: 'price', as: 'number' } });
  } else {
    for (const [field, pattern] of Object.entries(ITEM_NAMES)) {
      const column = find(pattern);
      if (!column) continue;
      used.add(column);
      item[field] = NUMBERS.has(field) ? { column: column.column, as: 'number' } : column.column;
    }
  }
  const source = { fields, ...(item.item_id === undefined ? {} : { items: [item] }) };
  const left = columns.filter((column) => !used.has(column) && column.type !== 'empty');
  const comments = [
    `# Proposed from ${file}; look through it, then: npm run sources -- check FILE --source NAME`,
    ...(time ? [] : ['# No column looks like a time; event_time is needed.']),
    ...(item.item_id === undefined ? ['# No column looks like an item.'] : []),
    ...left.map(
      ({ column, type, examples }) => `# not used: ${column} (${type}), for example ${examples[0] ?? ''}`,
    ),
  ];
  return `${comments.map((line) => line.replaceAll(/[\r\n]/g, ' ').slice(0, 160)).join('\n')}\n${stringify(source, { lineWidth: 110 })}`;
}

function isTime({ type }: ColumnSeen): boolean {
  return type === 'epoch' || type === 'time';
}

function timeRule({ column, type }: ColumnSeen): object {
  if (type === 'time') return { column, as: 'iso' };
  return type === 'epoch' ? { column, as: 'epoch' } : { column, as: 'date', format: 'dd.MM.yyyy HH:mm:ss' };
}

/** Few different values are mapped one by one. */
function eventRule({ column, distinct, examples }: ColumnSeen): unknown {
  if (distinct > examples.length) return { column, values: { ...eventValues(examples), '*': '*' } };
  return { column, values: eventValues(examples) };
}

function eventValues(examples: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    examples.map((value) => {
      const plain = plainName(value);
      const known = (EVENT_NAMES as readonly string[]).find((name) => plainName(name) === plain);
      return [value, known ?? EVENTS.find(([pattern]) => pattern.test(plain))?.[1] ?? value];
    }),
  );
}

function plainName(column: string): string {
  return (column.split('.').at(-1) ?? column).toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
