import { type Digest, isDigest, validRepository, validTag } from '../../image/index.ts';
import { hasCode, isJsonObject, type JsonObject } from '../../kernel/index.ts';
import { InventoryError } from '../errors.ts';
import { findAbilities } from './abilities.ts';
import type { ListedTag, RegistryConnector, RepositoryPage, SeenRepository } from './contract.ts';
import { cataloguePages, tagBatches } from './oci.ts';
import type { OpenedRegistry } from './opened.ts';

const pageSize = 100;
const maxPages = 100_000;
const api = '/api/v2.0';

/** In front of positions in the catalogue of a registry that turned out not to be Harbor. */
const cataloguePrefix = 'catalogue:';

/**
 * Harbor: projects, repositories and artifacts by its API (v2.0), content by the distribution specification. A registry
 * without that API is read like any other: the cloud facades know no word for a plain one, so callers say Harbor.
 */
export function harborConnector(opened: OpenedRegistry): RegistryConnector {
  const { registry, host } = opened;
  const connector: RegistryConnector = {
    exhaustive: false,
    repositories: (cursor, signal) => projectsOrCatalogue(opened, cursor, signal),
    tags: (path, signal) => artifactTags(opened, path, signal),
    content: (path) => registry.repository({ registry: host, repository: path }),
    ping: (signal) => registry.ping(host, signal),
    abilities: (known, signal) => findAbilities(opened, connector, known, signal),
    [Symbol.asyncDispose]: () => registry.close(),
  };
  return connector;
}

/** `page of projects.place in it.page of repositories`: where a listing goes on. */
interface Place {
  readonly projects: number;
  readonly project: number;
  readonly repositories: number;
}

function parsePlace(cursor: string | null): Place {
  const [projects = 1, project = 0, repositories = 1] = (cursor ?? '1.0.1').split('.').map(Number);
  return { projects, project, repositories };
}

async function* projectsOrCatalogue(
  opened: OpenedRegistry,
  cursor: string | null,
  signal: AbortSignal,
): AsyncGenerator<RepositoryPage> {
  let begun = false;
  let place = cursor?.startsWith(cataloguePrefix) ? cursor.slice(cataloguePrefix.length) : undefined;
  if (place === undefined) {
    try {
      for await (const page of repositoryPages(opened, cursor, signal)) {
        begun = true;
        yield page;
      }
      return;
    } catch (error) {
      if (begun || cursor !== null || !hasCode(error, 'not_found')) throw error;
      place = '';
    }
  }
  for await (const { repositories, next } of cataloguePages(opened, place === '' ? null : place, signal)) {
    yield { repositories, next: next === null ? null : `${cataloguePrefix}${next}` };
  }
}

async function* repositoryPages(
  opened: OpenedRegistry,
  cursor: string | null,
  signal: AbortSignal,
): AsyncGenerator<RepositoryPage> {
  const start = parsePlace(cursor);
  let { project, repositories } = start;
  for await (const { items, page, last } of apiPages(opened, `${api}/projects?sort=name`, start.projects, signal)) {
    for (; project < items.length; project++) {
      const isEnd = last && project + 1 >= items.length;
      for await (const part of projectPages(opened, items[project] ?? {}, repositories, signal)) {
        const following = `${page}.${project}.${part.page + 1}`;
        const next = part.last ? (isEnd ? null : `${page}.${project + 1}.1`) : following;
        yield { repositories: part.repositories, next };
      }
      repositories = 1;
    }
    project = 0;
  }
}

async function* projectPages(
  opened: OpenedRegistry,
  { name, metadata }: JsonObject,
  first: number,
  signal: AbortSignal,
): AsyncGenerator<{ repositories: readonly SeenRepository[]; page: number; last: boolean }> {
  if (typeof name !== 'string') return;
  const isPublic = isJsonObject(metadata) && metadata.public === 'true';
  const target = `${api}/projects/${encodeURIComponent(name)}/repositories?sort=name`;
  try {
    for await (const { items, page, last } of apiPages(opened, target, first, signal)) {
      yield { repositories: items.flatMap((item) => seen(item, isPublic)), page, last };
    }
  } catch (error) {
    // Deleted since the projects were listed.
    if (!hasCode(error, 'not_found')) throw error;
  }
}

function seen({ name }: JsonObject, isPublic: boolean): readonly SeenRepository[] {
  return typeof name === 'string' && validRepository(name) ? [{ path: name, public: isPublic }] : [];
}

/** Tags with their digests. Users that may only pull get them from the registry itself. */
async function* artifactTags(
  opened: OpenedRegistry,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedTag[]> {
  const slash = path.indexOf('/');
  const project = path.slice(0, Math.max(0, slash));
  // Harbor decodes twice: once for its router, once for the name.
  const repository = encodeURIComponent(encodeURIComponent(path.slice(slash + 1)));
  const target = `${api}/projects/${project}/repositories/${repository}/artifacts?with_tag=true`;
  let begun = false;
  try {
    for await (const { items } of apiPages(opened, target, 1, signal)) {
      begun = true;
      yield items.flatMap(tagsOf);
    }
  } catch (error) {
    if (begun) throw error;
    if (!['not_found', 'denied', 'unauthorized'].some((code) => hasCode(error, code))) throw error;
  }
  if (begun) return;
  try {
    yield* tagBatches(opened, path, signal);
  } catch (error) {
    if (!hasCode(error, 'not_found')) throw error;
  }
}

function tagsOf({ digest, tags }: JsonObject): readonly ListedTag[] {
  if (typeof digest !== 'string' || !isDigest(digest) || !Array.isArray(tags)) return [];
  const known: Digest = digest;
  return tags.flatMap((tag): ListedTag[] => {
    if (!isJsonObject(tag) || typeof tag.name !== 'string' || !validTag(tag.name)) return [];
    return [{ tag: tag.name, digest: known, immutable: tag.immutable === true }];
  });
}

interface ApiPage {
  readonly items: readonly JsonObject[];
  readonly page: number;
  readonly last: boolean;
}

/** Pages by number. A page that begins like the one before means that the server does not turn pages. */
async function* apiPages(
  { registry, host }: OpenedRegistry,
  target: string,
  first: number,
  signal: AbortSignal,
): AsyncGenerator<ApiPage> {
  let before: string | undefined;
  for (let page = first; ; page++) {
    const separator = target.includes('?') ? '&' : '?';
    const url = `${target}${separator}page=${page}&page_size=${pageSize}`;
    const body = await registry.document(host, url, signal);
    if (!Array.isArray(body)) throw new InventoryError('listing_endless', `${host} answered ${target} without a list`);
    const items = body.filter(isJsonObject);
    const head = JSON.stringify(items[0] ?? null);
    if ((head === before && items.length > 0) || page - first >= maxPages) {
      throw new InventoryError('listing_endless', `${host} repeats a page of ${target.replace(/\?.*$/, '')}`);
    }
    before = head;
    const last = body.length < pageSize;
    yield { items, page, last };
    if (last) return;
  }
}
