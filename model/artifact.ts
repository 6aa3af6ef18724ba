import { crc32 } from 'node:zlib';
import type { Knowledge } from './knowledge.ts';
import { Manifest } from './manifest.ts';
import type { Parameters } from './parameters.ts';
import { Parameters as ParametersSchema } from './parameters.ts';
import type { Reranker } from './reranker.ts';
import { ArtifactError, decodeSections, encodeSections, type Section } from './sections.ts';
import { decodeStrings, encodeStrings } from './string-table.ts';

/** A trained model. */
export interface Artifact {
  readonly manifest: Manifest;
  readonly parameters: Parameters;
  readonly itemIds: readonly string[];
  readonly knowledge: Knowledge;
  /** Present where the method is `hidden` or `linear`. */
  readonly reranker: Reranker | undefined;
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

function encodeIndex({ knowledge, itemIds, reranker }: Omit<Artifact, 'manifest'>): Uint8Array {
  const { index, stats, matrix, popular } = knowledge;
  const ids = encodeStrings(itemIds);
  return encodeSections({
    'ids.bytes': ids.bytes,
    'ids.ends': ids.ends,
    'session.starts': index.starts,
    'session.clicks': index.clicks,
    'session.items': index.distinct,
    'posting.starts': index.postingStarts,
    postings: index.postings,
    'item.idf': index.idf,
    'item.count': stats.count,
    'item.recent5': stats.recent5,
    'item.recent1': stats.recent1,
    'item.first': stats.firstSession,
    'item.last': stats.lastSession,
    'item.repeat': stats.repeat,
    'item.wanted': stats.wanted,
    'walk.starts': matrix.rowStarts,
    'walk.columns': matrix.columns,
    'walk.weights': matrix.weights,
    'walk.scales': matrix.scales,
    popular,
    ...(reranker && {
      'rank.mean': reranker.mean,
      'rank.deviation': reranker.deviation,
      'rank.weights': reranker.weights,
      'rank.hidden': Uint32Array.of(reranker.hidden),
    }),
  });
}

function decodeIndex(bytes: Uint8Array): Pick<Artifact, 'itemIds' | 'knowledge' | 'reranker'> {
  const sections = decodeSections(bytes);
  const section = <T extends Section>(name: string, type: abstract new (...args: never[]) => T): T => {
    const found = sections.get(name);
    if (found instanceof type) return found;
    throw new ArtifactError(`the model index has no section ${name} of the expected type: train anew`);
  };
  const u32 = (name: string): Uint32Array => section(name, Uint32Array);
  const f32 = (name: string): Float32Array => section(name, Float32Array);
  const itemIds = decodeStrings(section('ids.bytes', Uint8Array), u32('ids.ends'));
  const starts = u32('session.starts');
  return {
    itemIds,
    knowledge: {
      index: {
        itemCount: itemIds.length,
        sessionCount: starts.length - 1,
        starts,
        clicks: u32('session.clicks'),
        distinct: section('session.items', Uint16Array),
        postingStarts: u32('posting.starts'),
        postings: u32('postings'),
        idf: f32('item.idf'),
      },
      stats: {
        count: f32('item.count'),
        recent5: f32('item.recent5'),
        recent1: f32('item.recent1'),
        firstSession: u32('item.first'),
        lastSession: u32('item.last'),
        repeat: f32('item.repeat'),
        wanted: f32('item.wanted'),
      },
      matrix: {
        rowStarts: u32('walk.starts'),
        columns: u32('walk.columns'),
        weights: section('walk.weights', Uint16Array),
        scales: f32('walk.scales'),
      },
      popular: u32('popular'),
    },
    reranker: sections.has('rank.weights')
      ? {
          hidden: u32('rank.hidden')[0] ?? 0,
          mean: f32('rank.mean'),
          deviation: f32('rank.deviation'),
          weights: f32('rank.weights'),
        }
      : undefined,
  };
}
