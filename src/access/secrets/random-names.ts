import { createHash, randomBytes, randomInt } from 'node:crypto';

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const mixed = `${upper}abcdefghijklmnopqrstuvwxyz`;

function text(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Twenty characters, as the clients of both clouds expect. */
export const newAccessKeyId = (): string => `DK${text(upper, 18)}`;

/** Temporary keys are recognisable by their prefix, as clients expect. */
export const newSessionKeyId = (): string => `STS.${text(mixed, 24)}`;

/** Forty characters, 238 bits. */
export const newSecret = (): string => text(mixed, 40);

/** A password to be typed once: 24 characters without lookalikes, about 118 bits. */
export const newPassword = (): string => text('ABCDEFGHJKMNPQRSTUVWXYZ23456789', 24).replace(/(.{6})(?=.)/g, '$1-');

/** A bearer token of 256 bits; the prefix lets secret scanners find leaked ones. */
export const newToken = (kind: 'login' | 'robot'): string =>
  `ddt_${kind === 'login' ? 'l' : 'r'}_${randomBytes(32).toString('base64url')}`;

/** What is stored of a bearer token. */
export const hashToken = (token: string): Uint8Array => createHash('sha256').update(token).digest();

/** 32 random hex digits, as the ids of tasks, and of domains, projects and users of the Huawei facade. */
export const newHexId = (): string => randomBytes(16).toString('hex');

/** Sixteen digits, below 2^53. */
export const newAccountNumber = (): number => randomInt(1_000_000, 9_000_000) * 1e9 + randomInt(1e9);
