/** Two letters for each field of an item, as gtag.js writes them. */
const FIELDS: Readonly<Record<string, string>> = {
  id: 'item_id',
  nm: 'item_name',
  br: 'item_brand',
  ca: 'item_category',
  c2: 'item_category2',
  c3: 'item_category3',
  c4: 'item_category4',
  c5: 'item_category5',
  va: 'item_variant',
  pr: 'price',
  qt: 'quantity',
  lp: 'index',
  li: 'item_list_id',
  ln: 'item_list_name',
  cp: 'coupon',
  ds: 'discount',
  af: 'affiliation',
  lo: 'location_id',
  cn: 'creative_name',
  cs: 'creative_slot',
  pi: 'promotion_id',
  pn: 'promotion_name',
};

/**
 * An item as gtag.js writes it: `idSKU-1~nmShoe~pr89.9`, two letters and a value for each field, `~` between them, `~~` for
 * a tilde within. A field of the shop's own is a pair, `k0size~v042`. What is of neither form stays by its letters.
 */
export function gtagItem(text: string): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  const own = new Map<string, string>();
  for (const part of partsOf(text)) {
    const key = part.slice(0, 2);
    const value = part.slice(2);
    const place = key.slice(1);
    const name = own.get(place);
    if (key.startsWith('k') && /[0-9a-z]/i.test(place)) own.set(place, value);
    else if (key.startsWith('v') && name !== undefined) put(item, name, value);
    else put(item, Object.hasOwn(FIELDS, key) ? (FIELDS[key] ?? key) : key, value);
  }
  return item;
}

/** NUL stands for the escaped tilde meanwhile: text from outside has none. */
function partsOf(text: string): string[] {
  return text
    .replaceAll('~~', '\0')
    .split('~')
    .map((part) => part.replaceAll('\0', '~'))
    .filter((part) => part !== '');
}

function put(item: Record<string, unknown>, name: string, value: string): void {
  if (name !== '__proto__') item[name] = value;
}
