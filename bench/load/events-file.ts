import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Writes events of a shop, NDJSON, until they have so many bytes; compressed where the name ends so. */
export async function writeEvents(path: string, bytes: number): Promise<{ bytes: number; records: number }> {
  let written = 0;
  let records = 0;
  const lines = function* (): Generator<string> {
    while (written < bytes) {
      let block = '';
      for (let n = 0; n < 500; n += 1) {
        block += `${JSON.stringify(event(records))}\n`;
        records += 1;
      }
      written += Buffer.byteLength(block);
      yield block;
    }
  };
  const out = createWriteStream(path);
  if (path.endsWith('.gz')) await pipeline(Readable.from(lines()), createGzip({ level: 3 }), out);
  else await pipeline(Readable.from(lines()), out);
  return { bytes: written, records };
}

function event(index: number): object {
  const item = (index * 7_919) % 5_000;
  return {
    event_id: `bench-${index}`,
    event_name: index % 20 === 0 ? 'add_to_cart' : 'view_item',
    event_time: new Date(1_760_000_000_000 + index * 50).toISOString(),
    anonymous_id: `visitor-${(index * 31) % 20_000}`,
    session_id: `session-${(index * 31) % 60_000}`,
    items: [
      {
        item_id: `sku-${item}`,
        item_name: `Product ${item}`,
        item_category: 'Shoes',
        price: (item % 100) + 0.99,
      },
    ],
    page: { url: `https://shop.example/p/${item}?utm_source=mail`, referrer: 'https://www.google.com/' },
  };
}
