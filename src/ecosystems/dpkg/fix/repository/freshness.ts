import type { SuiteConfig } from './config.ts';
import { RepositoryError } from './errors.ts';
import type { Release } from './release.ts';

/** Remembers the newest `Date` seen of each suite, so that a mirror cannot replay an older signed index. */
export interface FreshnessStore {
  /** Milliseconds since the epoch, or undefined when the suite was never seen. */
  newest(archive: string, suite: string): Promise<number | undefined>;
  /** Called only with verified dates that are not older than the stored one. */
  remember(archive: string, suite: string, date: number): Promise<void>;
}

const skew = 5 * 60 * 1000;

/** For tests and one-off runs: forgets everything at the end of the process. */
export function memoryFreshness(): FreshnessStore {
  const dates = new Map<string, number>();
  const key = (archive: string, suite: string) => `${archive}\n${suite}`;
  return {
    newest: async (archive, suite) => dates.get(key(archive, suite)),
    remember: async (archive, suite, date) => {
      dates.set(key(archive, suite), date);
    },
  };
}

/**
 * Refuses an expired, replayed or too old index, else remembers its date. Settings of an image or of the host's apt
 * that switch the check off have no effect here.
 * @throws RepositoryError `metadata_stale`
 */
export async function checkFreshness(
  release: Release,
  config: SuiteConfig,
  now: Date,
  store: FreshnessStore,
): Promise<void> {
  const age = now.getTime() - release.date.getTime();
  if (release.validUntil !== undefined && now.getTime() > release.validUntil.getTime() + skew) {
    throw stale(config, `expired at ${release.validUntil.toISOString()}`);
  }
  if (config.maxAge !== undefined && age > config.maxAge * 1000 + skew) {
    throw stale(config, `is of ${release.date.toISOString()}, older than its maxAge of ${config.maxAge} s allows`);
  }
  const newest = await store.newest(config.archive, config.suite);
  if (newest !== undefined && release.date.getTime() < newest) {
    const known = new Date(newest).toISOString();
    throw stale(config, `is of ${release.date.toISOString()}, but one of ${known} was seen before`);
  }
  if (newest !== release.date.getTime()) {
    await store.remember(config.archive, config.suite, release.date.getTime());
  }
}

function stale(config: SuiteConfig, why: string): RepositoryError {
  return new RepositoryError('metadata_stale', `the signed index of ${config.archive} ${config.suite} ${why}`, {
    hint: `Use an up-to-date mirror in fix.archives.${config.archive}, and check the clock of this machine.`,
  });
}
