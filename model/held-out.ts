/** The first of the held-out sessions: the newest `share` of `sessionCount`. */
export function heldOutFrom(sessionCount: number, share: number): number {
  return sessionCount - Math.floor(sessionCount * share);
}
