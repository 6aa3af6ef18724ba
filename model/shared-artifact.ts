import type { ArtifactSource } from './artifact.ts';
import { ArtifactError } from './sections.ts';

/** An artifact's files by name, in memory that threads share. */
export type SharedFiles = ReadonlyMap<string, SharedArrayBuffer>;

/** A source that keeps what is read of another in memory that threads share. */
export function sharing(source: ArtifactSource): {
  readonly source: ArtifactSource;
  readonly files: SharedFiles;
} {
  const files = new Map<string, SharedArrayBuffer>();
  return {
    files,
    source: {
      place: source.place,
      async read(name) {
        const content = await source.read(name);
        const memory = new SharedArrayBuffer(content.byteLength);
        const shared = new Uint8Array(memory);
        shared.set(content);
        files.set(name, memory);
        return shared;
      },
    },
  };
}

/** What a thread reads an artifact from; its arrays stay where they are. */
export function sharedArtifact(files: SharedFiles, place: string): ArtifactSource {
  return {
    place,
    async read(name) {
      const file = files.get(name);
      if (file) return new Uint8Array(file);
      throw new ArtifactError(`${place}: ${name} was not read before`);
    },
  };
}
