import { isJsonObject, type JsonValue } from '../../kernel/index.ts';
import { validRepository } from '../reference.ts';
import type { RegistryClient } from './client.ts';
import { RegistryError } from './errors.ts';
import { listingPages } from './pages.ts';

/** Repositories in one page of the catalogue, and the address of the next page: it may be used in another process. */
export interface CataloguePage {
  readonly repositories: readonly string[];
  readonly next: string | null;
}

/**
 * The repositories of a registry (distribution API `_catalog`; not part of the OCI specification, so many registries
 * close it). Names that are no repository names are left out: nothing could be asked of them.
 * @param cursor `next` of an earlier page
 * @throws RegistryError `not_found`, `denied`, `unauthorized` where the catalogue is closed
 */
export async function* catalogue(
  client: RegistryClient,
  cursor: string | null,
  pageSize: number,
  signal: AbortSignal,
): AsyncGenerator<CataloguePage> {
  const target = cursor ?? `/v2/_catalog?n=${pageSize}`;
  const listing = { target, access: 'catalogue', read: readNames, absent: 'error' } as const;
  for await (const { items, next } of listingPages(client, listing, signal)) {
    yield { repositories: items, next: next === undefined ? null : `${next.pathname}${next.search}` };
  }
}

function readNames(body: JsonValue): readonly string[] {
  const names = isJsonObject(body) ? (body.repositories ?? []) : undefined;
  if (!Array.isArray(names)) throw new RegistryError('invalid_response', 'a page of the catalogue has no repositories');
  return names.filter((name): name is string => typeof name === 'string' && validRepository(name));
}
