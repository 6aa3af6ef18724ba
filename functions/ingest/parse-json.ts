import { parseCleanJson } from '../../shared/clean-json.ts';
import { Refusal } from './http.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Parses a body; see `parseCleanJson` for what is mended.
 * @throws Refusal 400 that says where the text stops being JSON.
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw new Refusal(400, 'the body is empty; send {"events":[{"event_name":…}]}');
  const text = utf8Of(body);
  try {
    return parseCleanJson(text);
  } catch (cause) {
    throw new Refusal(400, `the body is not JSON: ${placeOf(cause)}`, { cause });
  }
}

/** The text of a body. @throws Refusal 400 where it is not UTF-8. */
export function utf8Of(body: Buffer): string {
  try {
    return UTF8.decode(body);
  } catch (cause) {
    throw new Refusal(400, 'the body is not UTF-8 text; encode it as UTF-8', { cause });
  }
}

/** V8's message without the excerpt of the body that it may quote. */
function placeOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const at = /at position \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0];
  return at
    ? `it goes wrong ${at}`
    : 'it ends before the value is complete, or holds an unexpected character';
}
