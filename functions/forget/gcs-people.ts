import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { File, Storage } from '@google-cloud/storage';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { REJECTED } from '../load/object-name.ts';
import { LongLineError, makeLineFilter } from './filter-lines.ts';
import type { Mentions } from './mentions.ts';
import type { PeopleFiles } from './ports.ts';

export interface GcsPeopleOptions {
  readonly storage: Storage;
  readonly inbox: string;
  readonly quarantine: string;
  /** Whether the load of an object, `gs://bucket/name`, has ended. */
  readonly isLoaded: (uri: string) => Promise<boolean>;
}

type Format = 'text' | 'gzip' | 'opaque';
/** How formats begin whose content is compressed in a way that cannot be looked through here: Parquet and zstd. */
const OPAQUE = ['50415231', '28b52ffd'];

/**
 * People in Cloud Storage. A kept payload that is about the person is deleted. A rejected file is written anew without the lines that are, for
 * somebody may mend and load it yet. A file that is loaded is deleted whole: its events are in the warehouse. What is still being loaded, and
 * what cannot be looked through, is left and told.
 */
export function makeGcsPeople({ storage, inbox, quarantine, isLoaded }: GcsPeopleOptions): PeopleFiles {
  const mentioned = async (file: File, mentions: Mentions): Promise<number> => {
    const { stream, counts } = makeLineFilter(mentions.in);
    await pipeline([...(await contentOf(file)), stream, sink()]);
    return counts().removed;
  };

  const rewrite = async (file: File, mentions: Mentions): Promise<'rewritten' | 'deleted'> => {
    const { stream, counts } = makeLineFilter(mentions.in);
    const gzip = (await formatOf(file)) === 'gzip' ? [createGzip()] : [];
    const { contentType, generation = 0 } = file.metadata;
    const target = storage.bucket(file.bucket.name).file(file.name);
    const upload = target.createWriteStream({
      resumable: false,
      ...(contentType === undefined ? {} : { contentType }),
      preconditionOpts: { ifGenerationMatch: Number(generation) },
    });
    await pipeline([...(await contentOf(file)), stream, ...gzip, upload]);
    if (counts().kept > 0) return 'rewritten';
    await pinned(storage, target).delete();
    return 'deleted';
  };

  return {
    async erase(mentions, until) {
      const limit = Date.parse(until);
      const left: string[] = [];
      let [payloads, rewritten, deleted] = [0, 0, 0];
      const each = async (
        bucket: string,
        visit: (file: File, uri: string) => Promise<void>,
      ): Promise<void> => {
        const [files] = await storage.bucket(bucket).getFiles();
        for (const listed of files) {
          if (Date.parse(listed.metadata.timeCreated ?? '') > limit) continue;
          const file = pinned(storage, listed);
          const uri = `gs://${bucket}/${file.name}`;
          try {
            if ((await formatOf(file)) === 'opaque')
              left.push(`${uri} is of a format that cannot be looked through`);
            else if ((await mentioned(file, mentions)) > 0) await visit(file, uri);
          } catch (error) {
            if ((error as { code?: unknown }).code === 404) continue;
            if (isUnreadable(error)) {
              left.push(`${uri} cannot be looked through: ${messageOf(error)}`);
              continue;
            }
            throw new TransientError(`${uri} could not be rid of a person: ${messageOf(error)}`, {
              cause: error,
            });
          }
        }
      };

      await each(quarantine, async (file) => {
        await file.delete();
        payloads += 1;
      });
      await each(inbox, async (file, uri) => {
        if (file.name.startsWith(REJECTED)) {
          if ((await rewrite(file, mentions)) === 'rewritten') rewritten += 1;
          else deleted += 1;
        } else if (await isLoaded(uri)) {
          await file.delete();
          deleted += 1;
        } else left.push(`${uri} is still being loaded; the sweep looks again`);
      });
      return {
        counts: {
          storage_payloads: payloads,
          storage_files_rewritten: rewritten,
          storage_files_deleted: deleted,
        },
        left,
      };
    },
  };
}

/** The generation that was seen, and no other: what replaces it meanwhile has not been looked through. */
function pinned(storage: Storage, { bucket, name, metadata }: File): File {
  const { generation } = metadata;
  const file = storage.bucket(bucket.name).file(name, generation === undefined ? {} : { generation });
  file.metadata = metadata;
  return file;
}

async function formatOf(file: File): Promise<Format> {
  if (Number(file.metadata.size ?? 0) === 0) return 'text';
  const [head] = await file.download({ start: 0, end: 3, decompress: false, validation: false });
  const magic = head.toString('hex');
  if (magic.startsWith('1f8b')) return 'gzip';
  return OPAQUE.includes(magic) ? 'opaque' : 'text';
}

async function contentOf(file: File) {
  const stored = file.createReadStream({ decompress: false, validation: false });
  return (await formatOf(file)) === 'gzip' ? [stored, createGunzip()] : [stored];
}

/** Whether the file itself is why, and not Cloud Storage: it has a line beyond measure, or zlib cannot read it. */
function isUnreadable(error: unknown): boolean {
  return error instanceof LongLineError || String((error as { code?: unknown }).code).startsWith('Z_');
}

/** Reads to the end, and keeps nothing. */
function sink(): Transform {
  return new Transform({ transform: (_chunk, _encoding, done) => done() }).resume();
}
