import { messageOf } from '../../kernel/index.ts';
import type { ReadyCheck, ReadyResult } from './contract.ts';

/** What `/readyz` answers: 200 while nothing fails, else 503. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, ReadyResult & { readonly ms: number }>>;
}

const checkMs = 3000;

async function run(check: ReadyCheck): Promise<ReadyResult & { ms: number }> {
  const started = performance.now();
  const signal = AbortSignal.timeout(checkMs);
  const late = new Promise<ReadyResult>((resolve) => {
    signal.addEventListener('abort', () => resolve({ state: 'fail', reason: `No answer within ${checkMs} ms` }));
  });
  const result = await Promise.race([
    late,
    check.check(signal).catch((error: unknown): ReadyResult => ({ state: 'fail', reason: messageOf(error) })),
  ]);
  return { ...result, ms: Math.round(performance.now() - started) };
}

/** Runs all checks at once; results are reused for `reuseMs`, so that probes cost nothing. */
export function createReadiness(checks: readonly ReadyCheck[], reuseMs = 1000): () => Promise<Readiness> {
  let last: { at: number; result: Promise<Readiness> } | undefined;
  const all = async (): Promise<Readiness> => {
    const results = await Promise.all(checks.map(async (check) => [check.name, await run(check)] as const));
    return { ready: results.every(([, { state }]) => state !== 'fail'), checks: Object.fromEntries(results) };
  };
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > reuseMs) last = { at: now, result: all() };
    return last.result;
  };
}
