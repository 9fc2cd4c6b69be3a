import type { Digest, ProbeResult } from '../../image/index.ts';
import { CodedError } from '../../kernel/index.ts';
import type { Ability, RegistryAbilities } from '../contract.ts';
import type { RegistryConnector } from './contract.ts';
import type { OpenedRegistry } from './opened.ts';

const yes: Ability = { state: 'yes', code: null, reason: null };

/**
 * Tries out what works, one ability after the other, and leaves nothing behind. Rights are rights in a repository, so
 * without one they stay unknown.
 * @param known repositories to try with when the listing gives none
 */
export async function findAbilities(
  opened: OpenedRegistry,
  connector: RegistryConnector,
  known: readonly string[],
  signal: AbortSignal,
): Promise<RegistryAbilities> {
  const unreachable = await attempt(async () => {
    await connector.ping(signal);
    return yes;
  });
  if (unreachable.state !== 'yes') {
    const no = { ...unreachable, state: 'no' } as const;
    return { list: no, pull: no, push: no, delete: no, referrers: no };
  }
  const listed: string[] = [];
  const list = await attempt(async () => {
    for await (const { repositories } of connector.repositories(null, signal)) {
      listed.push(...repositories.map(({ path }) => path));
      break;
    }
    return yes;
  });
  const repository = known[0] ?? listed[0];
  if (repository === undefined) {
    const none = unknown('no_repository', 'rights are tried in a repository, and none is known yet');
    return { list, pull: none, push: none, delete: none, referrers: none };
  }
  return { list, ...(await inRepository(opened, connector, repository, signal)) };
}

async function inRepository(
  { registry, host }: OpenedRegistry,
  connector: RegistryConnector,
  repository: string,
  signal: AbortSignal,
): Promise<Omit<RegistryAbilities, 'list'>> {
  let subject: Digest | undefined;
  const pull = await attempt(async () => {
    const tag = await firstTag(connector, repository, signal);
    if (tag === undefined) return unknown('no_image', `${repository} has no tag to try with`);
    const document = await connector.content(repository).manifest(tag, signal);
    if (document === undefined) return unknown('no_image', `${repository} has no image to try with`);
    subject = document.digest;
    return yes;
  });
  const probe = async (right: Parameters<typeof registry.probe>[1]): Promise<Ability> =>
    attempt(async () => ability(await registry.probe({ registry: host, repository }, right, signal)));
  const push = await probe('push');
  const remove = await probe('delete');
  const referrers =
    subject === undefined
      ? unknown('no_image', `${repository} has no image to try with`)
      : await probe({ referrersOf: subject });
  return { pull, push, delete: remove, referrers };
}

async function firstTag(
  connector: RegistryConnector,
  repository: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  for await (const batch of connector.tags(repository, signal)) {
    const first = batch[0];
    if (first !== undefined) return first.digest ?? first.tag;
  }
  return undefined;
}

function ability(result: ProbeResult): Ability {
  return result === 'yes' ? yes : { state: 'no', ...result };
}

function unknown(code: string, reason: string): Ability {
  return { state: 'unknown', code, reason };
}

/** A typed failure is an answer; one that may pass later tells nothing about the right. */
async function attempt(work: () => Promise<Ability>): Promise<Ability> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { state: error.retryable ? 'unknown' : 'no', code: error.code, reason: error.message };
  }
}
