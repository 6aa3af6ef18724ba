import { crc32 } from 'node:zlib';
import { decodeIndex, encodeIndex } from './index-codec.ts';
import type { Knowledge } from './knowledge.ts';
import { Manifest } from './manifest.ts';
import type { Parameters } from './parameters.ts';
import { Parameters as ParametersSchema } from './parameters.ts';
import type { Reranker } from './reranker.ts';
import { ArtifactError } from './sections.ts';

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

/** What the manifest says beside the index file's size and checksum, which writing finds out. */
export type ManifestDraft = Omit<Manifest, 'index'>;

/** Writes the index, then the manifest: a manifest that is there has its index. */
export async function writeArtifact(artifact: Artifact, sink: ArtifactSink): Promise<void> {
  await sink.write(INDEX_FILE, encodeIndex(artifact));
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
  const parameters = ParametersSchema.parse(manifest.parameters);
  return { manifest, parameters, ...decodeIndex(index) };
}

/** The manifest's final form, and the artifact with it. */
export function sealArtifact(draft: Omit<Artifact, 'manifest'>, manifest: ManifestDraft): Artifact {
  const bytes = encodeIndex(draft);
  return { ...draft, manifest: { ...manifest, index: { bytes: bytes.length, crc32: crc32(bytes) } } };
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
