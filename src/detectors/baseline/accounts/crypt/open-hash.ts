import { scryptSync } from 'node:crypto';
import bcrypt from 'bcryptjs';
import { desCrypt } from './des-crypt.ts';
import { decodeBytes, encodeBytes } from './encoding.ts';
import { type MemoryCost, scryptCost, yescryptCost } from './hash-cost.ts';
import { md5Crypt } from './md5-crypt.ts';
import { namedRounds, passwordField } from './schemes.ts';
import { defaultRounds, shaCrypt } from './sha-crypt.ts';
import { yescrypt } from './yescrypt.ts';

/** A hash that passwords can be tried on. */
export interface OpenHash {
  /** What one guess costs, as the hash says: `rounds=5000`, `N=4096 r=32`; the same on every machine. */
  readonly cost: string;
  matches(password: string): boolean;
}

/** A hash that passwords cannot be tried on, and why. */
export interface ClosedHash {
  readonly closed: string;
}

/** Memory that one guess may take, and that a guess in native code, which cannot be interrupted, may go through. */
const guessMemory = 64 * 1024 * 1024;
const scryptWork = 512 * 1024 * 1024;
/** Lanes of yescrypt: each needs boxes of its own. */
const maxLanes = 64;

/** Understands a hash of shadow; never throws. The parameters of a hash are the image's: they are refused when they ask for too much. */
export function openHash(field: string): OpenHash | ClosedHash {
  const known = passwordField(field);
  if (known.kind !== 'hash') return { closed: 'no hash' };
  switch (known.scheme) {
    case 'des':
      return { cost: 'DES', matches: (password) => desCrypt(bytesOf(password), field) === field };
    case 'md5crypt':
      return openMd5(field);
    case 'sha256crypt':
      return openSha('sha256', field);
    case 'sha512crypt':
      return openSha('sha512', field);
    case 'bcrypt':
      return openBcrypt(field);
    case 'scrypt':
      return openScrypt(field);
    case 'yescrypt':
      return openYescrypt(field);
    default:
      return { closed: `the scheme ${known.scheme} is not implemented` };
  }
}

/** crypt(3) ends a password at a zero byte, which no candidate has. */
function bytesOf(password: string): Buffer {
  return Buffer.from(password, 'utf8');
}

const malformed: ClosedHash = { closed: 'the hash is malformed' };

function openMd5(field: string): OpenHash | ClosedHash {
  const parts = /^\$1\$(?<salt>[^$:\n]{0,8})\$(?<digest>[./0-9A-Za-z]{22})$/.exec(field)?.groups;
  if (parts === undefined) return malformed;
  const { salt = '', digest } = parts;
  return { cost: 'rounds=1000', matches: (password) => md5Crypt(bytesOf(password), salt) === digest };
}

function openSha(kind: 'sha256' | 'sha512', field: string): OpenHash | ClosedHash {
  const parts = /^\$[56]\$(?:rounds=\d{1,10}\$)?(?<salt>[^$:\n]{0,16})\$(?<digest>[./0-9A-Za-z]+)$/.exec(field)?.groups;
  if (parts?.digest?.length !== (kind === 'sha256' ? 43 : 86)) return malformed;
  const { salt = '', digest } = parts;
  const rounds = Math.min(Math.max(namedRounds(field) ?? defaultRounds, 1000), 999_999_999);
  return {
    cost: `rounds=${rounds}`,
    matches: (password) => shaCrypt(kind, bytesOf(password), salt, rounds) === digest,
  };
}

function openBcrypt(field: string): OpenHash | ClosedHash {
  const cost = Number(/^\$2[aby]\$(\d\d)\$[./0-9A-Za-z]{53}$/.exec(field)?.[1]);
  if (!(cost >= 4 && cost <= 31)) return malformed;
  return { cost: `cost=${cost}`, matches: (password) => bcrypt.compareSync(password, field) };
}

function openScrypt(field: string): OpenHash | ClosedHash {
  const cost = scryptCost(field);
  if (cost === undefined) return malformed;
  const refused = tooMuch(cost);
  if (refused !== undefined) return refused;
  const { n, r, p, salt, setting } = cost;
  if (n < 2 || r < 1 || p < 1) return malformed;
  if (128 * n * r * p > scryptWork) return { closed: 'one guess would take too long' };
  const options = { N: n, r, p, maxmem: 2 * guessMemory };
  return {
    cost: costText(cost),
    matches: (password) => setting + encodeBytes(scryptSync(bytesOf(password), salt, 32, options)) === field,
  };
}

function openYescrypt(field: string): OpenHash | ClosedHash {
  const cost = yescryptCost(field);
  if (cost === undefined) return malformed;
  const refused = tooMuch(cost);
  if (refused !== undefined) return refused;
  const salt = decodeBytes(cost.salt);
  if (salt === undefined || cost.n < 4 || cost.p > cost.n / 4) return malformed;
  if (cost.p > maxLanes) return { closed: 'one guess would take too much memory' };
  return {
    cost: costText(cost),
    matches: (password) => cost.setting + encodeBytes(yescrypt(bytesOf(password), salt, cost)) === field,
  };
}

function tooMuch({ n, r, p }: MemoryCost): ClosedHash | undefined {
  // The memory that lanes fill, and their own blocks.
  if (128 * r * n <= guessMemory && 128 * r * p <= guessMemory) return undefined;
  return { closed: 'one guess would take more than 64 MiB of memory' };
}

function costText({ n, r, p, t }: MemoryCost): string {
  return `N=${n} r=${r}${p === 1 ? '' : ` p=${p}`}${t === 0 ? '' : ` t=${t}`}`;
}
