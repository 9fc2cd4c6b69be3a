import type { HttpResponse, Pace } from './contract.ts';
import { HttpError } from './errors.ts';
import { defaultHttpLimits } from './limits.ts';

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
        throw new HttpError('timeout', `${host} sends only ${Math.round(rate)} bytes per second`, { retryable: true });
      }
      waited = 0;
      bytes = 0;
    }
    yield chunk;
    asked = performance.now();
  }
}

/** Gives the connection back after an answer whose body does not matter; a long body costs the connection instead. */
export async function discard(response: HttpResponse): Promise<void> {
  let size = 0;
  try {
    for await (const part of paced(response.body, defaultHttpLimits, response.url.host)) {
      size += part.length;
      if (size > 64 * 1024) break;
    }
  } catch {
    // nothing was wanted of it
  } finally {
    response.body.destroy();
  }
}
