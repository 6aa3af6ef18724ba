import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** Posts a JSON body; resolves with the status. Times out after `timeoutMs` of silence, which rejects. */
export type PostJson = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
) => Promise<number>;

/** By node:http, since `fetch` gives up on a function that works for more than five minutes. */
export const postJson: PostJson = (url, headers, body, timeoutMs) =>
  new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      timeout: timeoutMs,
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.on('error', reject);
    request.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    });
    request.end(body);
  });
