import type { Failure } from '../../../emulators/board/view/protocol.ts';

/** Asks the view's server. @throws Error with the server's own words, for a person */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, body === undefined ? {} : post(body));
  } catch {
    throw new Error('The view’s server does not answer: is npm start still running?');
  }
  const answer = (await response.json()) as T | Failure;
  if (response.ok) return answer as T;
  throw new Error((answer as Failure).error);
}

function post(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
