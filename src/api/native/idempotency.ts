import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSensitiveName, redacted } from '../http/redact.ts';
import type { AnswerStore, KeptAnswer } from './contract.ts';
import { NativeError } from './errors.ts';
import { createKeyedLock } from './etag.ts';

const keepMs = 24 * 3_600_000;
const maxKey = 128;
const maxKept = 256 * 1024;

/** What a handler made: status, headers worth keeping, JSON text. */
export interface MadeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What a request means, as a hash. Passwords are not part of it: it is stored, and could be guessed at. */
function fingerprint(request: FastifyRequest): string {
  const body = JSON.stringify(request.body ?? null, (name, value: unknown) =>
    isSensitiveName(name) && typeof value === 'string' ? redacted : value,
  );
  return createHash('sha256').update(`${request.method}\n${request.url}\n${body}`).digest('hex');
}

function keyOf(request: FastifyRequest, userId: number): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !/^[\x21-\x7e]+$/.test(header) || header.length > maxKey) {
    throw new NativeError('invalid_field', `Idempotency-Key: 1 to ${maxKey} visible ASCII characters`, {
      field: 'Idempotency-Key',
    });
  }
  return `${userId} ${header}`;
}

/**
 * Runs a POST once for each key of its user: a repetition within 24 hours gets the answer of the first, one that comes
 * while the first runs waits for it, and another request under the same key is refused. Faults of ours are not kept.
 */
export function createIdempotency(deps: {
  readonly answers: AnswerStore;
  readonly now: () => number;
}): (
  request: FastifyRequest,
  reply: FastifyReply,
  options: { readonly userId: number; readonly secret: boolean },
  make: () => Promise<MadeAnswer>,
) => Promise<MadeAnswer> {
  const lock = createKeyedLock();
  return async (request, reply, { userId, secret }, make) => {
    const key = keyOf(request, userId);
    if (key === undefined) return make();
    return lock(key, async () => {
      const print = fingerprint(request);
      const kept = await deps.answers.get(key);
      if (kept !== null) return repeated(kept, print, reply);
      const made = await make();
      if (made.status < 300 && (made.body?.length ?? 0) <= maxKept) {
        const answer = { ...made, body: secret ? null : made.body, fingerprint: print, expiresAt: deps.now() + keepMs };
        await deps.answers.put(key, answer);
      }
      return made;
    });
  };
}

function repeated(kept: KeptAnswer, print: string, reply: FastifyReply): MadeAnswer {
  if (kept.fingerprint !== print) {
    throw new NativeError('idempotency_key_reused', 'This Idempotency-Key belongs to another request', {
      hint: 'Use a new key for every request that means something new.',
      field: 'Idempotency-Key',
    });
  }
  if (kept.body === null && kept.status !== 204) {
    throw new NativeError('secret_shown_once', 'This was done; its secret is shown once and not again');
  }
  reply.header('idempotency-replayed', 'true');
  return kept;
}
