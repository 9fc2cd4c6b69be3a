import { isJsonObject, type JsonObject, type JsonValue, messageOf, parseJson } from '../kernel/index.ts';
import { parseDigest } from './digest.ts';
import { ImageError } from './errors.ts';
import { fieldReader } from './json-fields.ts';
import type { ImageConfig, Manifest } from './model.ts';

/** Limits of an image config; the same size as a manifest's (scanning.md §1.1). */
export const configLimits = { maxBytes: 4 * 1024 * 1024, maxDepth: 64 } as const;

const invalid = (message: string, cause?: unknown): ImageError => new ImageError('invalid_config', message, { cause });
const read = fieldReader((where, expected) => invalid(`${where} must be ${expected}`));

/**
 * Reads an image config (OCI image-spec config.md; Docker's is the same in the parts that are read here).
 * @throws ImageError `invalid_config`
 */
export function parseConfig(bytes: Uint8Array): ImageConfig {
  const root = parseObject(bytes);
  const rootfs = read.object(root, 'rootfs', '');
  if (rootfs === undefined) throw invalid('rootfs is missing');
  const settings = read.object(root, 'config', '') ?? Object.create(null);
  const variant = read.string(root, 'variant', '');
  const created = read.string(root, 'created', '');
  const user = read.string(settings, 'User', 'config');
  return {
    os: read.string(root, 'os', '') ?? 'unknown',
    architecture: read.string(root, 'architecture', '') ?? 'unknown',
    ...(variant !== undefined && { variant }),
    ...(created !== undefined && { created }),
    diffIds: readDiffIds(rootfs),
    history: readHistory(root),
    labels: read.textMap(settings, 'Labels', 'config'),
    ...(user !== undefined && { user }),
  };
}

/**
 * A config that counts other layers than its manifest describes no image: nobody could say which entry is whose.
 * @throws ImageError `invalid_config`
 */
export function checkLayerCount(manifest: Pick<Manifest, 'layers'>, config: Pick<ImageConfig, 'diffIds'>): void {
  if (manifest.layers.length === config.diffIds.length) return;
  throw invalid(`the manifest has ${manifest.layers.length} layers, its config lists ${config.diffIds.length}`);
}

function parseObject(bytes: Uint8Array): JsonObject {
  let value: JsonValue;
  try {
    value = parseJson(bytes, configLimits);
  } catch (error) {
    throw invalid(`the image config cannot be read: ${messageOf(error)}`, error);
  }
  if (!isJsonObject(value)) throw invalid('the image config is not a JSON object');
  return value;
}

function readDiffIds(rootfs: JsonObject): ImageConfig['diffIds'] {
  return (read.strings(rootfs, 'diff_ids', 'rootfs') ?? []).map((text, index) => {
    try {
      return parseDigest(text);
    } catch (error) {
      throw invalid(`rootfs.diff_ids[${index}]: ${messageOf(error)}`, error);
    }
  });
}

function readHistory(root: JsonObject): ImageConfig['history'] {
  return read.array(root, 'history', '')?.map((entry, index) => {
    const where = `history[${index}]`;
    if (!isJsonObject(entry)) throw invalid(`${where} must be an object`);
    const createdBy = read.string(entry, 'created_by', where);
    return { emptyLayer: entry.empty_layer === true, ...(createdBy !== undefined && { createdBy }) };
  });
}
