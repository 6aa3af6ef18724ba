import type { Target } from '../listen.ts';
import type { Micros } from '../values.ts';

/** What a listener hands back to go on from a time. */
export function makeResumeToken(time: Micros): Uint8Array {
  const token = Buffer.alloc(8);
  token.writeBigInt64BE(time);
  return token;
}

/** The time a target goes on from; undefined where it starts anew, or its token is not of this emulator. */
export function resumeTime(resume: Target['resume']): Micros | undefined {
  if (resume === undefined) return undefined;
  if ('readTime' in resume) return resume.readTime;
  return resume.token.length === 8 ? Buffer.from(resume.token).readBigInt64BE() : undefined;
}
