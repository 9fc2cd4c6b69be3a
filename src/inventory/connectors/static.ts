import { type Digest, isDigest, validRepository, validTag } from '../../image/index.ts';
import { findAbilities } from './abilities.ts';
import type { ListedTag, RegistryConnector } from './contract.ts';
import { tagBatches } from './oci.ts';
import type { OpenedRegistry } from './opened.ts';

/** One line of a static list. Without tag and digest: all tags of the repository. */
export interface StaticReference {
  readonly path: string;
  readonly tag: string | null;
  readonly digest: Digest | null;
}

/** Reads `repository`, `repository:tag` or `repository@digest`; undefined for anything else. */
export function parseStaticReference(text: string): StaticReference | undefined {
  const at = text.indexOf('@');
  const digest = at < 0 ? null : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const tag = colon < 0 ? null : named.slice(colon + 1);
  const path = colon < 0 ? named : named.slice(0, colon);
  if (!validRepository(path) || (tag !== null && !validTag(tag))) return undefined;
  if (digest !== null && (!isDigest(digest) || tag !== null)) return undefined;
  return { path, tag, digest };
}

/** The name under which an image without tag is kept among the tags: it never moves. */
export function pinOf(digest: Digest): string {
  return `@${digest}`;
}

/** A registry whose catalogue is closed: what it holds is told by a list. */
export function staticConnector(opened: OpenedRegistry, references: readonly string[]): RegistryConnector {
  const { registry, host } = opened;
  const byPath = Map.groupBy(
    references.flatMap((text) => parseStaticReference(text) ?? []),
    ({ path }) => path,
  );
  const connector: RegistryConnector = {
    exhaustive: true,
    async *repositories() {
      yield { repositories: [...byPath.keys()].map((path) => ({ path, public: false })), next: null };
    },
    async *tags(path, signal) {
      const wanted = byPath.get(path) ?? [];
      const all = wanted.some(({ tag, digest }) => tag === null && digest === null);
      if (all) yield* tagBatches(opened, path, signal);
      yield wanted.flatMap(({ tag, digest }): ListedTag[] => {
        if (digest !== null) return [{ tag: pinOf(digest), digest, immutable: true }];
        return tag === null || all ? [] : [{ tag, digest: null, immutable: false }];
      });
    },
    content: (path) => registry.repository({ registry: host, repository: path }),
    ping: (signal) => registry.ping(host, signal),
    abilities: (known, signal) => findAbilities(opened, connector, [...byPath.keys(), ...known], signal),
    [Symbol.asyncDispose]: () => registry.close(),
  };
  return connector;
}
