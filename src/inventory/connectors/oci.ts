import { CodedError, hasCode } from '../../kernel/index.ts';
import { InventoryError } from '../errors.ts';
import { findAbilities } from './abilities.ts';
import type { ListedTag, RegistryConnector, RepositoryPage } from './contract.ts';
import type { OpenedRegistry } from './opened.ts';

const pageSize = 100;
const tagBatch = 500;

/** Any registry of the distribution specification: catalogue, list of tags, digests by asking for each tag. */
export function ociConnector(opened: OpenedRegistry): RegistryConnector {
  const { registry, host } = opened;
  const connector: RegistryConnector = {
    exhaustive: false,
    repositories: (cursor, signal) => cataloguePages(opened, cursor, signal),
    tags: (path, signal) => tagBatches(opened, path, signal),
    content: (path) => registry.repository({ registry: host, repository: path }),
    ping: (signal) => registry.ping(host, signal),
    abilities: (known, signal) => findAbilities(opened, connector, known, signal),
    [Symbol.asyncDispose]: () => registry.close(),
  };
  return connector;
}

/** Tags of a repository by the registry's own list, in batches; digests are not in it. */
export async function* tagBatches(
  { registry, host }: OpenedRegistry,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedTag[]> {
  let batch: ListedTag[] = [];
  for await (const tag of registry.repository({ registry: host, repository: path }).tags(signal)) {
    batch.push({ tag, digest: null, immutable: false });
    if (batch.length < tagBatch) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Repositories by the catalogue. @throws InventoryError `catalogue_closed` */
export async function* cataloguePages(
  { registry, host }: OpenedRegistry,
  cursor: string | null,
  signal: AbortSignal,
): AsyncGenerator<RepositoryPage> {
  try {
    for await (const { repositories, next } of registry.catalogue(host, { cursor, pageSize, signal })) {
      yield { repositories: repositories.map((path) => ({ path, public: false })), next };
    }
  } catch (error) {
    // Wrong credentials are refused everywhere, a closed catalogue only there.
    if (hasCode(error, 'unauthorized')) await registry.ping(host, signal);
    throw closedCatalogue(error, host) ?? error;
  }
}

/** Registries close their catalogue in several ways. */
function closedCatalogue(error: unknown, host: string): InventoryError | undefined {
  const closed = ['not_found', 'denied', 'unauthorized', 'invalid_request'].some((code) => hasCode(error, code));
  if (!closed || !(error instanceof CodedError)) return undefined;
  return new InventoryError('catalogue_closed', `${host} does not list its repositories: ${error.message}`, {
    cause: error,
  });
}
