import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AccessError } from '../errors.ts';

/** 32 MiB and about a tenth of a second per attempt. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };
const saltBytes = 16;
const hashBytes = 32;
const maxPassword = 1024;

/** Attempts that are computed at once and that may wait: more would take the memory and threads of the service. */
const limits = { running: 2, waiting: 64 };

let running = 0;
const waiting: (() => void)[] = [];

/** `scrypt$N$r$p$salt$hash` with base64url parts. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/**
 * Whether a password belongs to a stored hash. Without a hash (unknown user, user without password) the same work is
 * done and the answer is no, so that time does not tell who exists.
 * @throws AccessError `sign_in_busy`
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const parts = stored === null ? null : parse(stored);
  const salt = parts?.salt ?? Buffer.alloc(saltBytes);
  const expected = parts?.hash ?? Buffer.alloc(hashBytes);
  const actual = await derive(password.slice(0, maxPassword), salt, parts?.cost ?? cost);
  return timingSafeEqual(actual, expected) && parts !== null && password.length <= maxPassword;
}

function parse(stored: string): { cost: typeof cost; salt: Buffer; hash: Buffer } | null {
  const [scheme, n, r, p, salt = '', hash = ''] = stored.split('$');
  const decoded = Buffer.from(hash, 'base64url');
  if (scheme !== 'scrypt' || decoded.length !== hashBytes) return null;
  return {
    cost: { N: Number(n), r: Number(r), p: Number(p), maxmem: cost.maxmem },
    salt: Buffer.from(salt, 'base64url'),
    hash: decoded,
  };
}

async function derive(password: string, salt: Buffer, parameters: typeof cost): Promise<Buffer> {
  if (running >= limits.running) {
    if (waiting.length >= limits.waiting) {
      throw new AccessError('sign_in_busy', 'Too many sign-ins at once.', { retryable: true, retryAfterMs: 5_000 });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, hashBytes, parameters, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
