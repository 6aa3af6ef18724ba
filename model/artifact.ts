import { crc32 } from 'node:zlib';
import { decodeIndex, encodeIndex } from './index-codec.ts';
import type { Knowledge } from './knowledge.ts';
import { Manifest } from './manifest.ts';
import type { Parameters } from './parameters.ts';
import { Parameters as ParametersSchema } from './parameters.ts';
import type { Reranker } from './reranker.ts';
import { ArtifactError } from './sections.ts';
import { Shelves } from './shelves.ts';

/** What is learned from sessions, and kept in the index file. */
export interface Learned {
  readonly itemIds: readonly string[];
  readonly knowledge: Knowledge;
  /** Present where the method is `hidden` or `linear`. */
  readonly reranker: Reranker | undefined;
}

/** A trained model. */
export interface Artifact extends Learned {
  readonly manifest: Manifest;
  readonly parameters: Parameters;
  /** What is known of items beside clicks, where the trainer said so. */
  readonly shelves?: Shelves;
}

/** Where an artifact's files go: a directory, a bucket. */
export interface ArtifactSink {
  write(name: string, content: Uint8Array): Promise<void>;
}

/** Where an artifact's files come from. */
export interface ArtifactSource {
  /** For messages: the path or URI. */
  readonly place: string;
  read(name: string): Promise<Uint8Array>;
}

export const INDEX_FILE = 'index.bin';
export const MANIFEST_FILE = 'manifest.json';
export const SHELVES_FILE = 'shelves.json';

/** What the manifest says beside the index file's size and checksum, which writing finds out. */
export type ManifestDraft = Omit<Manifest, 'index'>;

/** Writes the manifest last: a manifest that is there has its other files. */
export async function writeArtifact(artifact: Artifact, sink: ArtifactSink): Promise<void> {
  await sink.write(INDEX_FILE, encodeIndex(artifact));
  if (artifact.shelves) await sink.write(SHELVES_FILE, Buffer.from(JSON.stringify(artifact.shelves)));
  await sink.write(MANIFEST_FILE, Buffer.from(`${JSON.stringify(artifact.manifest, null, 2)}\n`));
}

/**
 * Reads and checks an artifact.
 * @throws ArtifactError when a file is damaged, or does not belong to the other.
 */
export async function readArtifact(source: ArtifactSource): Promise<Artifact> {
  const [index, manifestBytes] = await Promise.all([source.read(INDEX_FILE), source.read(MANIFEST_FILE)]);
  const manifest = parseManifest(manifestBytes, source.place);
  if (crc32(index) !== manifest.index.crc32)
    throw new ArtifactError(
      `${source.place}: ${INDEX_FILE} is not the one ${MANIFEST_FILE} describes: upload both again`,
    );
  const parameters = parseParameters(manifest, source.place);
  const learned = { manifest, parameters, ...decodeIndex(index, true) };
  return manifest.shelves ? { ...learned, shelves: await readShelves(source) } : learned;
}

/** An artifact with what is known of items beside clicks. */
export function withShelves(artifact: Artifact, shelves: Shelves): Artifact {
  return { ...artifact, shelves, manifest: { ...artifact.manifest, shelves: true } };
}

async function readShelves(source: ArtifactSource): Promise<Shelves> {
  const content = await source.read(SHELVES_FILE);
  try {
    return Shelves.parse(JSON.parse(Buffer.from(content).toString('utf8')));
  } catch (cause) {
    throw new ArtifactError(`${source.place}: ${SHELVES_FILE} is damaged: train anew`, { cause });
  }
}

/** The manifest's final form, and the artifact with it. */
export function sealArtifact(draft: Omit<Artifact, 'manifest'>, manifest: ManifestDraft): Artifact {
  const bytes = encodeIndex(draft);
  return { ...draft, manifest: { ...manifest, index: { bytes: bytes.length, crc32: crc32(bytes) } } };
}

function parseParameters(manifest: Manifest, place: string): Parameters {
  const parsed = ParametersSchema.safeParse(manifest.parameters);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new ArtifactError(
    `${place}: model ${manifest.model_version} is of another release, which had other parameters (${names}): train anew`,
    { cause: parsed.error },
  );
}

function parseManifest(bytes: Uint8Array, place: string): Manifest {
  try {
    return Manifest.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw new ArtifactError(`${place}: ${MANIFEST_FILE} is no manifest of this release: train anew`, {
      cause,
    });
  }
}
