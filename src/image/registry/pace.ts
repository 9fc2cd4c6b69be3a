import { RegistryError } from './errors.ts';
import type { RegistryLimits } from './settings.ts';

/** The part of the limits that judges how fast a body comes. */
export type Pace = Pick<RegistryLimits, 'minBytesPerSecond' | 'rateWindowMs'>;

/** Fails when the sender is slower than the limits allow. Only waiting counts, so a slow reader is no offence. */
export async function* paced(
  source: AsyncIterable<Uint8Array>,
  limits: Pace,
  host: string,
): AsyncGenerator<Uint8Array> {
  let waited = 0;
  let bytes = 0;
  let asked = performance.now();
  for await (const chunk of source) {
    waited += performance.now() - asked;
    bytes += chunk.length;
    if (waited > limits.rateWindowMs) {
      const rate = (bytes / waited) * 1000;
      if (rate < limits.minBytesPerSecond) {
        throw new RegistryError('timeout', `${host} sends only ${Math.round(rate)} bytes per second`, {
          retryable: true,
        });
      }
      waited = 0;
      bytes = 0;
    }
    yield chunk;
    asked = performance.now();
  }
}
