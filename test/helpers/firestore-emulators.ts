import { randomUUID } from 'node:crypto';
import type { DocumentData, Firestore, QuerySnapshot } from '@google-cloud/firestore';
import { startFirestoreEmulator as startOurs } from '../../emulators/firestore/index.ts';
import { startFirestoreEmulator as startGoogles } from '../../emulators/google/firestore.ts';
import { findJar, javaRuns } from '../../emulators/google/locate.ts';
import { ownerClient } from '../../emulators/owner-client.ts';

/** An emulator that contract tests run against, with an official client onto it. */
export interface FirestoreUnderTest {
  readonly db: Firestore;
  readonly host: string;
  close(): Promise<void>;
}

export interface FirestoreCandidate {
  readonly name: string;
  /** Why it cannot run here. */
  readonly missing: string | undefined;
  start(): Promise<FirestoreUnderTest>;
}

/** This project's emulator, and Google's where this machine has it. */
export async function firestoreCandidates(): Promise<readonly FirestoreCandidate[]> {
  const project = `demo-${randomUUID().slice(0, 8)}`;
  return [
    { name: 'ours', missing: undefined, start: async () => underTest(await startOurs(), project) },
    {
      name: "Google's",
      missing: await whyNoGoogles(),
      start: async () => underTest(await startGoogles({ project }), project),
    },
  ];
}

/** The ids of a query's results, in order. */
export function ids(snapshot: QuerySnapshot<DocumentData>): readonly string[] {
  return snapshot.docs.map(({ id }) => id);
}

async function whyNoGoogles(): Promise<string | undefined> {
  if (process.env.FIRESTORE_EMULATOR_HOST) return undefined;
  if (!(await javaRuns())) return 'no Java on this machine';
  return findJar('firestore') ? undefined : "Google's Firestore emulator is not on this machine";
}

function underTest(
  { url, close }: { readonly url: string; close(): Promise<void> },
  project: string,
): FirestoreUnderTest {
  const host = new URL(url).host;
  const db = ownerClient(host, project);
  return {
    db,
    host,
    close: async () => {
      await db.terminate();
      await close();
    },
  };
}
