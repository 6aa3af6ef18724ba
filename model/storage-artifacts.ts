import { openCloudStorage } from '../shared/cloud-storage.ts';
import { messageOf, TransientError } from '../shared/errors.ts';
import type { ArtifactSink, ArtifactSource } from './artifact.ts';

/** An artifact's files in Cloud Storage, under a `gs://bucket/prefix`. */
export function storageArtifact(uri: string, storage = openCloudStorage()): ArtifactSink & ArtifactSource {
  const match = /^gs:\/\/([^/]+)\/?(.*?)\/?$/.exec(uri);
  if (!match?.[1]) throw new TypeError(`${uri} is no Cloud Storage prefix such as gs://bucket/models/v1`);
  const bucket = storage.bucket(match[1]);
  const prefix = match[2] ? `${match[2]}/` : '';
  return {
    place: uri,
    async write(name, content) {
      try {
        await bucket
          .file(prefix + name)
          .save(Buffer.from(content), { resumable: content.length > 5_000_000 });
      } catch (cause) {
        throw new TransientError(`writing ${uri}/${name} failed: ${messageOf(cause)}`, { cause });
      }
    },
    async read(name) {
      try {
        const [content] = await bucket.file(prefix + name).download();
        return content;
      } catch (cause) {
        throw new TransientError(`reading ${uri}/${name} failed: ${messageOf(cause)}`, { cause });
      }
    },
  };
}
