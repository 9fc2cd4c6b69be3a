import type { Readable } from 'node:stream';
import {
  type Descriptor,
  type Digest,
  type ImageRepository,
  isForeignLayer,
  type ManifestDocument,
  type OpenedReference,
} from '../image/index.ts';
import { type Diagnostic, hasCode, messageOf } from '../kernel/index.ts';
import type { FixDeps } from './contract.ts';
import { FixError } from './errors.ts';
import type { BuiltImage, BuiltPart } from './image.ts';
import { temporaryTagPrefix } from './target.ts';
import type { FixTask } from './task.ts';

/** Codes with which registries refuse a manifest that has no tag. */
const untaggedRefusals = ['invalid_request', 'not_found', 'invalid_response'];

/** Manifests of an index that was copied may lie this deep. */
const maxDepth = 4;

/** What a push works with. */
export interface PushContext {
  readonly task: FixTask;
  readonly opened: OpenedReference;
  readonly target: ImageRepository;
  readonly sameRepository: boolean;
  readonly deps: FixDeps;
  readonly signal: AbortSignal;
}

/**
 * Sends the result by digest: blobs, then the platform manifests, then the index. Nothing is tagged. Repeating it
 * sends only what is missing.
 * @throws FixError `digest_mismatch`, `source_changed`; errors of the repository
 */
export async function pushResult(image: BuiltImage, context: PushContext): Promise<void> {
  await checkSource(image, context);
  const progress = byteProgress(image, context);
  for (const part of image.parts) await pushPart(part, context, progress);
  if (image.index) {
    if (!context.sameRepository) await copyOthers(image, context, progress);
    await pushManifest(image.index, context);
  }
}

/** A source tag that names something else by now means that somebody would get an outdated image with a new name. */
async function checkSource(image: BuiltImage, { opened, task, signal }: PushContext): Promise<void> {
  if (opened.tag === undefined || opened.repository === undefined) return;
  const now = await opened.repository.resolveTag(opened.tag, signal);
  if (now === opened.root.digest || now === image.root.digest) return;
  throw new FixError('source_changed', `the tag ${opened.tag} no longer names ${task.record.source.digest}`, {
    retryable: true,
    hint: 'run the same command again; it will fix what the tag names now',
  });
}

type BytesSent = (key: string) => (sent: number) => void;

function byteProgress(image: BuiltImage, { deps }: PushContext): BytesSent {
  const sent = new Map<string, number>();
  const total = image.parts.reduce((sum, part) => sum + part.built.layer.size, 0);
  return (key) => (bytes) => {
    sent.set(key, bytes);
    const done = [...sent.values()].reduce((sum, value) => sum + value, 0);
    deps.progress({ kind: 'progress', step: 'push', done, total: Math.max(total, done), unit: 'bytes' });
  };
}

async function pushPart(part: BuiltPart, context: PushContext, progress: BytesSent): Promise<void> {
  const { deps, signal } = context;
  const own = new Set([part.built.layer.digest, part.built.config.digest]);
  const layers = part.document.content.layers;
  for (const descriptor of layers) {
    if (own.has(descriptor.digest) || isForeignLayer(descriptor)) continue;
    const base = part.image.layers.find((layer) => layer.descriptor.digest === descriptor.digest);
    if (!base) throw new FixError('internal', `no source for layer ${descriptor.digest}`);
    await pushBlob(descriptor, () => base.open(signal), context, progress);
  }
  const fromStore = (digest: Digest) => (): Promise<Readable> => deps.blobs.open(digest, signal);
  await pushBlob(part.built.layer, fromStore(part.built.layer.digest), context, progress);
  await pushBlob(part.built.config, fromStore(part.built.config.digest), context, progress);
  await pushManifest(part.document, context);
}

async function pushBlob(
  descriptor: Pick<Descriptor, 'digest' | 'size'>,
  open: () => Promise<Readable>,
  context: PushContext,
  progress: BytesSent,
): Promise<void> {
  const { task, target, opened, signal } = context;
  const from = mountSource(opened.repository, target);
  await task.effect('blob-pushed', () =>
    target.putBlob(descriptor, open, {
      signal,
      onBytes: progress(descriptor.digest),
      ...(from !== undefined && { mountFrom: from }),
    }),
  );
  await remember(task, descriptor.digest);
}

/** The repository path to mount from, when source and target are different repositories of one registry. */
export function mountSource(source: ImageRepository | undefined, target: ImageRepository): string | undefined {
  if (!source || source.name === target.name) return undefined;
  const [sourceHost, ...path] = source.name.split('/');
  if (sourceHost === undefined || path.length === 0 || sourceHost.startsWith('oci:')) return undefined;
  return target.name.startsWith(`${sourceHost}/`) ? path.join('/') : undefined;
}

/** Stores a manifest under its digest; under a temporary tag where the registry takes no untagged ones. */
async function pushManifest(document: ManifestDocument, context: PushContext): Promise<void> {
  const { task, target, signal } = context;
  await task.effect('manifest-pushed', async () => {
    try {
      const digest = await target.putManifest(document.bytes, document.mediaType, signal);
      if (digest !== document.digest) {
        throw new FixError('digest_mismatch', `the registry stored ${digest} instead of ${document.digest}`);
      }
    } catch (error) {
      if (!untaggedRefusals.some((code) => hasCode(error, code))) throw error;
      await pushTagged(document, context, error);
    }
  });
  await remember(task, document.digest);
}

async function pushTagged(document: ManifestDocument, context: PushContext, refusal: unknown): Promise<void> {
  const { task, target, signal } = context;
  const tag = `${temporaryTagPrefix}${task.record.id}-${document.digest.slice(7, 19)}`;
  const tags = task.record.temporaryTags;
  // Remembered first, so that a crash cannot leave a tag that nobody knows of.
  if (!tags.includes(tag)) await task.update({ temporaryTags: [...tags, tag] });
  try {
    await target.putTag(tag, document, signal);
  } catch {
    throw refusal;
  }
}

async function remember(task: FixTask, digest: Digest): Promise<void> {
  if (task.record.pushed.includes(digest)) return;
  await task.update({ pushed: [...task.record.pushed, digest] });
}

/** Copies the children of an index that were not repaired, byte for byte, into another repository. */
async function copyOthers(image: BuiltImage, context: PushContext, progress: BytesSent): Promise<void> {
  const source = context.opened.repository;
  if (!source || image.index?.content.kind !== 'index') return;
  const own = new Set<Digest>(image.parts.map((part) => part.document.digest));
  const queue = image.index.content.manifests.map((descriptor) => ({ descriptor, depth: 1 }));
  const copied: ManifestDocument[] = [];
  for (const { descriptor, depth } of queue) {
    if (own.has(descriptor.digest)) continue;
    own.add(descriptor.digest);
    if (depth > maxDepth) throw new FixError('limit_exceeded', 'the image index is nested too deeply');
    const document = await source.manifest(descriptor.digest, context.signal);
    if (!document) throw new FixError('source_unavailable', `the source lacks ${descriptor.digest} of its own index`);
    copied.push(document);
    if (document.content.kind === 'index') {
      queue.push(...document.content.manifests.map((child) => ({ descriptor: child, depth: depth + 1 })));
      continue;
    }
    for (const blob of [document.content.config, ...document.content.layers]) {
      if (isForeignLayer(blob)) continue;
      await pushBlob(blob, () => source.openBlob(blob, context.signal), context, progress);
    }
  }
  // Children before the index that names them.
  for (const document of copied.toReversed()) await pushManifest(document, context);
}

/** Removes the temporary tags; one that cannot be deleted is told to the user, since it stays in the registry. */
export async function removeTemporaryTags(
  task: FixTask,
  target: ImageRepository,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const left: Diagnostic[] = [];
  for (const tag of task.record.temporaryTags) {
    try {
      await target.deleteTag(tag, signal);
    } catch (error) {
      left.push({ code: 'temporary_tag_left', message: `the temporary tag ${tag} stays: ${messageOf(error)}` });
    }
  }
  return left;
}
