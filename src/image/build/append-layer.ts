import type { Diagnostic } from '../../kernel/index.ts';
import type { Digest } from '../digest.ts';
import { ImageError } from '../errors.ts';
import type { JsonSpan } from './json-spans.ts';
import { JsonSplice, type SpliceValue } from './json-splice.ts';

/** What a config gains with a layer. */
export interface AddedLayer {
  readonly diffId: Digest;
  /** As image-spec config.md has it: `created`, `created_by`, `comment` … */
  readonly historyEntry: { readonly [key: string]: SpliceValue };
  /** RFC 3339. */
  readonly created: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A changed config; every byte that was not meant is as it was. */
export interface ChangedConfig {
  readonly bytes: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a manifest gains with a layer. */
export interface ManifestChange {
  readonly config: { readonly digest: Digest; readonly size: number };
  readonly layer: {
    readonly mediaType: string;
    readonly digest: Digest;
    readonly size: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly annotations: Readonly<Record<string, string>>;
  /** Replace the last layer, which is ours, instead of adding one. */
  readonly replaceTop?: boolean;
}

/**
 * The config of the image with one more layer (fix-engine.md §5.2). A history that is absent is left so, and one that
 * does not count the layers is not repaired.
 * @throws ImageError `unsupported_image`
 */
export function appendToConfig(config: Uint8Array, added: AddedLayer): ChangedConfig {
  return changeConfig(config, added, false);
}

/**
 * The config with the topmost layer replaced (fix-engine.md §5.4); its history entry is the last one that is not of
 * an empty layer.
 * @throws ImageError `unsupported_image`, also when there is no layer
 */
export function replaceTopInConfig(config: Uint8Array, added: AddedLayer): ChangedConfig {
  return changeConfig(config, added, true);
}

function changeConfig(config: Uint8Array, added: AddedLayer, replaceTop: boolean): ChangedConfig {
  const splice = new JsonSplice(config);
  const { root } = splice;
  const rootfs = splice.member(root, 'rootfs');
  if (rootfs === undefined) throw unsupported('the config has no rootfs');
  putLast(splice, rootfs, 'diff_ids', added.diffId, replaceTop);
  const diagnostics = changeHistory(splice, added, replaceTop);
  splice.set(root, 'created', added.created);
  if (Object.keys(added.labels).length > 0) setLabels(splice, added.labels);
  return { bytes: splice.finish(), diagnostics };
}

function changeHistory(splice: JsonSplice, added: AddedLayer, replaceTop: boolean): readonly Diagnostic[] {
  const history = splice.member(splice.root, 'history');
  if (!splice.isPresent(history)) {
    return [{ code: 'history_absent', message: 'the image keeps no history, so the new layer has no entry there' }];
  }
  const top = history.items?.findLast((item) => !splice.isTrue(splice.member(item, 'empty_layer')));
  if (replaceTop && top !== undefined) splice.replace(top, added.historyEntry);
  else splice.append(history, added.historyEntry);
  return [];
}

function setLabels(splice: JsonSplice, labels: Readonly<Record<string, string>>): void {
  const settings = splice.member(splice.root, 'config');
  if (!splice.isPresent(settings)) {
    splice.set(splice.root, 'config', { Labels: labels });
    return;
  }
  setTexts(splice, settings, 'Labels', labels);
}

/** Sets entries of a map of texts, which may be missing or null. */
function setTexts(splice: JsonSplice, object: JsonSpan, key: string, texts: Readonly<Record<string, string>>): void {
  const map = splice.member(object, key);
  if (!splice.isPresent(map)) splice.set(object, key, texts);
  else for (const [name, value] of Object.entries(texts)) splice.set(map, name, value);
}

/** Appends to a list, or replaces its last item. */
function putLast(splice: JsonSplice, object: JsonSpan, key: string, value: SpliceValue, replaceTop: boolean): void {
  const list = splice.member(object, key);
  if (replaceTop) {
    const last = list?.items?.at(-1);
    if (last === undefined) throw unsupported('the image has no layer that could be replaced');
    splice.replace(last, value);
  } else if (splice.isPresent(list)) splice.append(list, value);
  else splice.set(object, key, [value]);
}

/**
 * The manifest with the new config and one more layer (fix-engine.md §5.3).
 * @throws ImageError `unsupported_image`
 */
export function appendToManifest(manifest: Uint8Array, change: ManifestChange): Uint8Array {
  const splice = new JsonSplice(manifest);
  const { root } = splice;
  const config = splice.member(root, 'config');
  if (config === undefined) throw unsupported('the manifest has no config');
  pointTo(splice, config, change.config);
  const { mediaType, digest, size, annotations } = change.layer;
  putLast(
    splice,
    root,
    'layers',
    { mediaType, digest, size, ...(annotations && { annotations }) },
    change.replaceTop ?? false,
  );
  if (Object.keys(change.annotations).length > 0) setTexts(splice, root, 'annotations', change.annotations);
  return splice.finish();
}

/**
 * The index with other digests behind some descriptors, and some descriptors gone; all others stay byte by byte.
 * @throws ImageError `unsupported_image`
 */
export function replaceInIndex(
  index: Uint8Array,
  replacements: ReadonlyMap<Digest, { readonly digest: Digest; readonly size: number }>,
  dropped: ReadonlySet<Digest>,
): Uint8Array {
  const splice = new JsonSplice(index);
  const manifests = splice.member(splice.root, 'manifests');
  if (manifests === undefined) throw unsupported('the index lists no manifests');
  const gone = new Set<JsonSpan>();
  for (const descriptor of manifests.items ?? []) {
    const digest = splice.text(splice.member(descriptor, 'digest')) as Digest;
    const replacement = replacements.get(digest);
    if (dropped.has(digest)) gone.add(descriptor);
    else if (replacement !== undefined) pointTo(splice, descriptor, replacement);
  }
  splice.removeItems(manifests, gone);
  return splice.finish();
}

/** Changes where a descriptor points, and nothing else of it. */
function pointTo(
  splice: JsonSplice,
  descriptor: JsonSpan,
  to: { readonly digest: Digest; readonly size: number },
): void {
  if (splice.member(descriptor, 'data') !== undefined) {
    throw unsupported('a descriptor embeds the content that it points to');
  }
  splice.set(descriptor, 'digest', to.digest);
  splice.set(descriptor, 'size', to.size);
}

function unsupported(message: string): ImageError {
  return new ImageError('unsupported_image', message);
}
