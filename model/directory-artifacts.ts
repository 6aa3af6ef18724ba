import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactSink, ArtifactSource } from './artifact.ts';

/** An artifact's files in a local directory, which is made if needed. A file appears whole or not at all. */
export function directoryArtifact(directory: string): ArtifactSink & ArtifactSource {
  return {
    place: directory,
    async write(name, content) {
      await mkdir(directory, { recursive: true });
      const partial = join(directory, `${name}.partial`);
      await writeFile(partial, content);
      await rename(partial, join(directory, name));
    },
    read: (name) => readFile(join(directory, name)),
  };
}
