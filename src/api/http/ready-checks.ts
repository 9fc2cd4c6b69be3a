import { statfs } from 'node:fs/promises';
import type { ReadyCheck } from './contract.ts';

const ok = { state: 'ok', reason: null } as const;

/** The database answers. `ping` rejects when it does not. */
export function databaseCheck(ping: () => Promise<void>): ReadyCheck {
  return { name: 'database', check: async () => ping().then(() => ok) };
}

/** All migrations have run. `pending` = names of those that have not. */
export function migrationsCheck(pending: () => Promise<readonly string[]>): ReadyCheck {
  return {
    name: 'migrations',
    check: async () => {
      const missing = await pending();
      return missing.length === 0 ? ok : { state: 'fail', reason: `Not yet applied: ${missing.join(', ')}` };
    },
  };
}

/** Advisory data is there and not too old. Age in ms, null = none. Old data warns: old answers are better than none. */
export function advisoryCheck(ageMs: () => Promise<number | null>, maxAgeMs: number): ReadyCheck {
  return {
    name: 'advisories',
    check: async () => {
      const age = await ageMs();
      if (age === null) return { state: 'warn', reason: 'There is no advisory data yet; run `drydock db update`' };
      const days = (age / 86_400_000).toFixed(1);
      return age <= maxAgeMs ? ok : { state: 'warn', reason: `Advisory data is ${days} days old` };
    },
  };
}

/** The file system of a folder has room. */
export function diskCheck(folder: string, minFreeBytes: number): ReadyCheck {
  return {
    name: 'disk',
    check: async () => {
      const { bavail, bsize } = await statfs(folder);
      const free = bavail * bsize;
      return free >= minFreeBytes
        ? ok
        : {
            state: 'fail',
            reason: `${Math.floor(free / 2 ** 20)} MiB free, ${Math.floor(minFreeBytes / 2 ** 20)} needed`,
          };
    },
  };
}

/** No work has waited too long. Age of the oldest waiting job in ms, null = nothing waits. */
export function queueCheck(oldestMs: () => Promise<number | null>, maxMs: number): ReadyCheck {
  return {
    name: 'queue',
    check: async () => {
      const age = await oldestMs();
      return age === null || age <= maxMs
        ? ok
        : { state: 'warn', reason: `The oldest waiting job is ${Math.round(age / 1000)} s old` };
    },
  };
}
