import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.ts';
import type { Descriptor } from '../model.ts';
import { type LayoutIndex, refName } from './layout-index.ts';

/** New bytes of `index.json`, or undefined when nothing has to change. Entries of others keep all their fields. */
type Edited = Buffer | undefined;

/** The index with `tag` on the given manifest, and on no other. */
export function withTag({ raw }: LayoutIndex, tag: string, target: Descriptor): Edited {
  const entries = rawEntries(raw);
  if (entries.some((entry) => rawTag(entry) === tag && entry.digest === target.digest)) return undefined;
  const platform = entries.find((entry) => entry.digest === target.digest)?.platform;
  const added = { ...target, ...(platform === undefined ? {} : { platform }), annotations: { [refName]: tag } };
  // An untagged entry of the same manifest has served its purpose once the manifest has a name.
  const kept = entries.filter(
    (entry) => rawTag(entry) !== tag && !(entry.digest === target.digest && rawTag(entry) === undefined),
  );
  return serialise(raw, [...kept, added]);
}

/** The index without a tag; the manifest stays in the blob directory. */
export function withoutTag({ raw }: LayoutIndex, tag: string): Edited {
  const entries = rawEntries(raw);
  const kept = entries.filter((entry) => rawTag(entry) !== tag);
  return kept.length === entries.length ? undefined : serialise(raw, kept);
}

/** The index with an entry without tag, once. */
export function withEntry({ raw }: LayoutIndex, descriptor: Descriptor): Edited {
  const entries = rawEntries(raw);
  if (entries.some((entry) => entry.digest === descriptor.digest)) return undefined;
  return serialise(raw, [...entries, descriptor]);
}

function rawEntries(raw: JsonObject): readonly JsonObject[] {
  return Array.isArray(raw.manifests) ? (raw.manifests as JsonValue[]).filter(isJsonObject) : [];
}

function rawTag(entry: JsonObject): JsonValue | undefined {
  return isJsonObject(entry.annotations) ? entry.annotations[refName] : undefined;
}

function serialise(raw: JsonObject, manifests: readonly object[]): Buffer {
  return Buffer.from(`${JSON.stringify({ ...raw, manifests }, null, 2)}\n`);
}
