import { fileURLToPath } from 'node:url';
import type { ArtifactSource } from './artifact.ts';
import { directoryArtifact } from './directory-artifacts.ts';

/** The artifact at a `gs://` prefix, a `file:` URL or a path. The Cloud Storage client is loaded only for the first. */
export async function artifactAt(location: string): Promise<ArtifactSource> {
  if (location.startsWith('gs://')) {
    const { storageArtifact } = await import('./storage-artifacts.ts');
    return storageArtifact(location);
  }
  return directoryArtifact(location.startsWith('file:') ? fileURLToPath(location) : location);
}
