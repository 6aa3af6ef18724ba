import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Artifact, readArtifact, writeArtifact } from './artifact.ts';
import { directoryArtifact } from './directory-artifacts.ts';
import { makeRecommender } from './recommender.ts';

/** Seconds from an artifact's files on disk to a recommender that answers, as the server starts: on the clock, and of processor time. */
export async function loadTime(artifact: Artifact): Promise<{ seconds: number; cpuSeconds: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'nextclick-load-'));
  try {
    await writeArtifact(artifact, directoryArtifact(directory));
    const cpu = process.cpuUsage();
    const started = performance.now();
    makeRecommender(await readArtifact(directoryArtifact(directory)));
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { seconds, cpuSeconds: (user + system) / 1e6 };
  } finally {
    await rm(directory, { recursive: true });
  }
}
