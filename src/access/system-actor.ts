import type { Actor } from './contract.ts';

/** Drydock itself: whoever reads the audit log finds by the request id what went together. */
export function systemActor(requestId: string): Actor {
  return { name: 'system', userId: null, accessKeyId: null, address: null, requestId };
}
