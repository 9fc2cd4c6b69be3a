import type { NativeDeps } from './contract.ts';
import { NativeError } from './errors.ts';

interface Streams {
  readonly open: Map<AbortController, number>;
  draining: boolean;
}

const byDeps = new WeakMap<NativeDeps, Streams>();

function streamsOf(deps: NativeDeps): Streams {
  const known = byDeps.get(deps);
  if (known !== undefined) return known;
  const made: Streams = { open: new Map(), draining: false };
  byDeps.set(deps, made);
  return made;
}

/**
 * Counts a stream of a caller; its signal ends with the client or with the server.
 * @throws NativeError `too_many_streams`, `unavailable` while draining
 */
export function openStream(deps: NativeDeps, userId: number, client: AbortSignal): AbortSignal {
  const streams = streamsOf(deps);
  if (streams.draining) throw new NativeError('unavailable', 'This server is shutting down', { retryAfterMs: 2000 });
  const own = [...streams.open.values()].filter((owner) => owner === userId).length;
  if (streams.open.size >= deps.settings.streams || own >= deps.settings.streamsPerCaller) {
    throw new NativeError('too_many_streams', 'Too many event streams are open', { retryAfterMs: 10_000 });
  }
  const controller = new AbortController();
  streams.open.set(controller, userId);
  const end = (): void => controller.abort();
  controller.signal.addEventListener('abort', () => streams.open.delete(controller), { once: true });
  client.addEventListener('abort', end, { once: true });
  if (client.aborted) end();
  return controller.signal;
}

/** Ends all streams, so that a draining server is not held by them. Clients come back by themselves. */
export function endStreams(deps: NativeDeps): void {
  const streams = streamsOf(deps);
  streams.draining = true;
  for (const controller of [...streams.open.keys()]) controller.abort();
}
