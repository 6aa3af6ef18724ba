import type { Storage } from '@google-cloud/storage';
import type { ArtifactStore } from './train.ts';

/** Artifacts in Cloud Storage, below `models/`. */
export function makeGcsArtifacts(storage: Storage, bucket: string): ArtifactStore {
  return {
    uri: (version) => `gs://${bucket}/models/${version}`,
    sink: (version) => ({
      async write(name, content) {
        const file = storage.bucket(bucket).file(`models/${version}/${name}`);
        await file.save(Buffer.from(content.buffer, content.byteOffset, content.byteLength), {
          resumable: false,
        });
      },
    }),
  };
}
