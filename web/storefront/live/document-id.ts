/**
 * The Firestore document of an identifier, as `documentId` of shared/ids.ts names it: plain ids are kept, any other becomes a hash.
 */
export async function documentIdOf(identifier: string): Promise<string> {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(identifier) && !identifier.startsWith('__')) return identifier;
  const text = new TextEncoder().encode(`${identifier.length}:${identifier}`);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return `h_${Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
