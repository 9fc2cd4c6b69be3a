import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '../../kernel/index.ts';
import { RegistryError } from './errors.ts';
import type { RegistryLimits } from './settings.ts';

/** Waiting between attempts; replaced in tests so that they need not wait. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits by the system's timer; rejects at once when the signal aborts. */
export const systemSleep: Sleep = (ms, signal) => delay(ms, undefined, { signal });

export interface RetryOptions {
  readonly limits: Pick<RegistryLimits, 'attempts' | 'backoffMs' | 'maxBackoffMs'>;
  readonly sleep: Sleep;
  /** 0 ≤ n < 1; spreads clients that failed together. */
  readonly random: () => number;
}

/**
 * Waits before the attempt after `failures` failed ones, or throws the failure when it is final: not retryable, or
 * the attempts are used up. A server's `Retry-After` is honoured up to the longest back-off and no further.
 */
export async function pause(
  error: unknown,
  failures: number,
  options: RetryOptions,
  signal: AbortSignal,
): Promise<void> {
  const { attempts, backoffMs, maxBackoffMs } = options.limits;
  if (!(error instanceof CodedError) || !error.retryable || failures >= attempts) throw error;
  const doubled = backoffMs * 2 ** (failures - 1);
  const asked = error instanceof RegistryError ? (error.retryAfterMs ?? 0) : 0;
  const wait = Math.min(maxBackoffMs, Math.max(asked, doubled * (0.5 + options.random() / 2)));
  await options.sleep(wait, signal);
}

/** Repeats `work` while it fails in a way that may pass. */
export async function withRetries<T>(work: () => Promise<T>, options: RetryOptions, signal: AbortSignal): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      await pause(error, failures, options, signal);
    }
  }
}

/** `Retry-After` (RFC 9110 §10.2.3: seconds or a date) in milliseconds; undefined when absent or unreadable. */
export function parseRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined || value.length > 64) return undefined;
  if (/^\d{1,15}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
