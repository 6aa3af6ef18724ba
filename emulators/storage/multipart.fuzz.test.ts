import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseMultipart } from './multipart.ts';

const BOUNDARY = 'a-b';
const CONTENT_TYPE = `multipart/related; boundary=${BOUNDARY}`;

/** Cuts bytes into chunks of the lengths given, over and over. */
async function* chunked(bytes: Buffer, lengths: readonly number[]): AsyncIterable<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

const bodyOf = (metadata: object, media: Buffer, preamble = '', newline = '\r\n'): Buffer => {
  const lines = (...each: readonly string[]): Buffer => Buffer.from(each.join(newline));
  return Buffer.concat([
    Buffer.from(preamble),
    lines(
      `--${BOUNDARY}`,
      'Content-Type: application/json',
      '',
      JSON.stringify(metadata),
      `--${BOUNDARY}`,
      '',
    ),
    lines('Content-Type: text/x-test', '', ''),
    media,
    lines('', `--${BOUNDARY}--`, ''),
  ]);
};

/** Bytes that come close to the boundary again and again. */
const media = fc
  .array(fc.oneof(fc.constantFrom('\r', '\n', '-', '\r\n--a', '\n--a-', '\r\n--', '\r\n\r\n'), fc.string()), {
    maxLength: 30,
  })
  .map((parts) => Buffer.from(parts.join('')))
  .filter((bytes) => !bytes.includes(`\n--${BOUNDARY}`));
const newlines = fc.constantFrom('\r\n', '\n');
const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

test('what goes in comes out, however the body is cut', async () => {
  await fc.assert(
    fc.asyncProperty(media, lengths, fc.string(), newlines, async (bytes, cut, text, newline) => {
      const upload = await parseMultipart(CONTENT_TYPE, chunked(bodyOf({ text }, bytes, '', newline), cut));
      expect(upload.metadata).toEqual({ text });
      expect(upload.mediaHeaders).toEqual({ 'content-type': 'text/x-test' });
      expect(Buffer.compare(await gather(upload.media), bytes)).toBe(0);
    }),
  );
});

test('a body that breaks off anywhere is refused', async () => {
  const whole = bodyOf({ a: 1 }, Buffer.from('hello\r\n--a world'));
  // The boundary itself ends the media; the two dashes after it say nothing more.
  const needed = whole.length - '--\r\n'.length;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: needed - 1 }), lengths, async (end, cut) => {
      const act = async () => {
        const upload = await parseMultipart(CONTENT_TYPE, chunked(whole.subarray(0, end), cut));
        await gather(upload.media);
      };
      await expect(act()).rejects.toMatchObject({ status: 400 });
    }),
  );
});

describe('the boundary', () => {
  it.each([
    ['quoted', `multipart/related; boundary="${BOUNDARY}"`],
    ['quoted as gcloud does', `multipart/related; boundary='${BOUNDARY}'`],
    ['among other parameters', `multipart/related; boundary=${BOUNDARY}; type=x`],
  ])('may be %s', async (_case, contentType) => {
    const upload = await parseMultipart(
      contentType,
      chunked(bodyOf({}, Buffer.from('x'), 'preamble\r\n'), [7]),
    );
    expect((await gather(upload.media)).toString()).toBe('x');
  });

  it('is needed', async () => {
    await expect(parseMultipart('multipart/related', chunked(Buffer.alloc(0), [1]))).rejects.toMatchObject({
      status: 400,
    });
  });
});
