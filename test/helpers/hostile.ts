/** Values that do harm where a text becomes SQL, a path, a command, HTML, a template or a property by mistake; each fits an id. */
export const HOSTILE: readonly string[] = [
  "'; DROP TABLE events_raw; --",
  '`nextclick.events_raw` WHERE 1=1; DELETE FROM x',
  '@user OR 1=1',
  '../../../../etc/passwd',
  '..%2f..%2fsecret',
  'a/b/c',
  '.',
  '__proto__',
  '__name__',
  'constructor',
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  'javascript:alert(1)',
  '$(rm -rf /)',
  '`rm -rf /`; | & > /tmp/x',
  '{{7*7}}<%= 7*7 %>#{7*7}',
  '=cmd|calc!A1',
  'nul\u0000byte',
  'line\r\nSet-Cookie: x=1',
  '\u202Egpj.exe',
  '\uFEFFbom',
  'half \ud800 of a character',
  '%s%n%x',
  'null',
  '-1',
  '🛒'.repeat(30),
  'x'.repeat(128),
];

/** An event with a hostile text in every field that a client fills; ids are `hostile-0`, `hostile-1` and so on. */
export function hostileEvent(text: string, index: number): object {
  return {
    event_id: `hostile-${index}`,
    event_name: index % 2 === 0 ? 'view_item' : text.slice(0, 64),
    anonymous_id: text,
    user_id: text,
    session_id: text,
    items: [{ item_id: text, item_name: text, item_category: text }],
    search_term: text,
    transaction_id: text,
    recommendation_id: text,
    page: {
      url: `https://shop.example/?q=${encodeURIComponent(text.toWellFormed())}`,
      title: text,
      referrer: text,
    },
    properties: { [text]: text, list: [text, { [text]: text }] },
    traits: { [text]: text },
  };
}
