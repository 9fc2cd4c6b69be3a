import type { RiskLevel } from '../../contract.ts';
import type { ContentRule, Found } from '../contract.ts';
import { type PemKey, pemKeys } from './pem.ts';

/** Furthest end of a key from its first line (risks.md §4.3). */
const maxKey = 64 * 1024;

const keysByLabel: Readonly<Record<string, string>> = {
  RSA: 'rsa_private_key',
  DSA: 'dsa_private_key',
  EC: 'ec_private_key',
  OPENSSH: 'openssh_private_key',
  PGP: 'pgp_private_key',
  ENCRYPTED: 'pkcs_private_key',
  'SSH2 ENCRYPTED': 'ssh_private_key',
  ANY: 'common_private_key',
  ED25519: 'common_private_key',
  X25519: 'common_private_key',
};

const userKeys = /(^|\/)(\.ssh\/[^/]+|id_(rsa|dsa|ecdsa|ed25519)[^/]*|[^/]*_(rsa|dsa|ecdsa|ed25519))$/;
const hostKeys = /(^|\/)ssh_host_\w+_key$/;

/** Key of the rule: where the file is says more than what the armor is called. */
function ruleOf({ label }: PemKey, path: string): string {
  const isSsh = label !== 'PGP' && (userKeys.test(path) || hostKeys.test(path));
  if (isSsh) return /github[^/]*$/i.test(path) ? 'github_ssh_key' : 'ssh_private_key';
  return label === '' ? 'pkcs_private_key' : (keysByLabel[label] ?? 'common_private_key');
}

/** Keys that packages make when they are installed: the identity of a host or a stand-in, no access to anything. */
function levelOf({ state, published }: PemKey, path: string): RiskLevel {
  if (published || /(^|\/)ssl-cert-snakeoil\.key$/.test(path)) return 'low';
  return state === 'encrypted' || hostKeys.test(path) ? 'medium' : 'high';
}

function describe({ label, state, published }: PemKey): string {
  const block = label === 'PGP' ? ' BLOCK' : '';
  const words = [state === 'encrypted' ? 'encrypted' : 'not encrypted', ...(published ? ['published sample'] : [])];
  return `-----BEGIN ${label === '' ? '' : `${label} `}PRIVATE KEY${block}----- (${words.join(', ')})`;
}

function* armored(text: string, path: string): Generator<Found> {
  for (const key of pemKeys(text)) {
    const { start, end, hash } = key;
    if (key.state === undefined) {
      if (!/\.pem$/i.test(path)) continue;
      yield { start, end, key: 'pem', level: 'low', label: 'a private key that cannot be decoded', hideValue: true };
    } else {
      yield {
        start,
        end,
        key: ruleOf(key, path),
        level: levelOf(key, path),
        label: describe(key),
        identity: hash,
        hideValue: true,
      };
    }
  }
}

const encoded = /(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/]{64,60000}={0,2}/g;
const clusterKey = /client-key-data["']?\s{0,3}:\s{0,3}["']?$/;

/** Keys whose whole armor is encoded once more, as Kubernetes and variables of the environment have them. */
function* encodedTwice(window: string, path: string): Generator<Found> {
  for (const match of window.matchAll(encoded)) {
    const [key] = armored(Buffer.from(match[0], 'base64').toString('latin1'), path);
    if (key === undefined) continue;
    const isCluster = clusterKey.test(window.slice(Math.max(0, match.index - 40), match.index));
    yield {
      ...key,
      start: match.index,
      end: match.index + match[0].length,
      ...(isCluster && { key: 'k8s_client_key' }),
    };
  }
}

const puttyHead = /PuTTY-User-Key-File-[123]: [\w@.-]{1,60}\r?\nEncryption: (?<encryption>[\w-]{1,40})\r?\n/g;
const puttyBody = /^Private-Lines: \d{1,4}\r?\n[A-Za-z0-9+/=]{20,80}\r?\n/;

/** Keys of PuTTY: a head, and further down the lines of the private half. */
function* puttyKeys(window: string): Generator<Found> {
  for (const match of window.matchAll(puttyHead)) {
    const body = window.indexOf('Private-Lines: ', match.index);
    const lines = puttyBody.exec(window.slice(body, body + 200));
    if (body < 0 || lines === null) continue;
    const plain = match.groups?.encryption === 'none';
    const label = `PuTTY-User-Key-File (${plain ? 'not encrypted' : 'encrypted'})`;
    const end = body + lines[0].length;
    yield { start: match.index, end, level: plain ? 'high' : 'medium', label, hideValue: true };
  }
}

const otrNumber = /^#[0-9A-Fa-f\s]{20,4000}#/;

/** Keys of Off-the-Record messaging: an S-expression whose numbers stand between number signs. */
function* otrKeys(window: string): Generator<Found> {
  const start = window.indexOf('(privkeys');
  const key = window.indexOf('(private-key', start);
  const value = window.indexOf('#', key);
  if (start < 0 || key < 0 || value < 0 || !otrNumber.test(window.slice(value, value + 4002))) return;
  yield { start, end: value + 1, label: 'private keys of Off-the-Record messaging', hideValue: true };
}

const serviceAccount =
  /"private_key"\s{0,3}:\s{0,3}"(?<value>-----BEGIN PRIVATE KEY-----[A-Za-z0-9+/=\\n]{200,8000}-----END PRIVATE KEY-----)/g;

/** Private keys in text (risks.md §4.7, key material). */
export const privateKeyRules: readonly ContentRule[] = [
  {
    ...{ id: 'common_private_key', key: 'common_private_key', level: 'high', before: 64, after: maxKey, inTexts: true },
    keywords: ['private key'],
    patterns: [],
    find: (window, { path }) => armored(window, path),
  },
  {
    ...{ id: 'k8s_client_key', key: 'k8s_client_key', level: 'high', before: 64, after: maxKey, inTexts: true },
    keywords: ['ls0tls1crudjti'],
    patterns: [encoded, clusterKey],
    find: (window, { path }) => encodedTwice(window, path),
  },
  {
    ...{
      id: 'puttygen_private_key',
      key: 'puttygen_private_key',
      level: 'high',
      before: 0,
      after: 16 * 1024,
      inTexts: false,
    },
    keywords: ['putty-user-key-file-'],
    patterns: [puttyHead, puttyBody],
    find: puttyKeys,
  },
  {
    ...{ id: 'otr_private_key', key: 'otr_private_key', level: 'high', before: 0, after: 16 * 1024, inTexts: false },
    keywords: ['(privkeys'],
    patterns: [otrNumber],
    find: otrKeys,
  },
  {
    ...{ id: 'googlecloud_api_key/account', key: 'googlecloud_api_key', level: 'high', inTexts: true },
    ...{ before: 4096, after: maxKey },
    keywords: ['service_account'],
    patterns: [serviceAccount],
    *find(window) {
      if (!/"private_key_id"/.test(window) || !/"client_email"/.test(window)) return;
      for (const match of window.matchAll(serviceAccount)) {
        const value = match.groups?.value ?? '';
        const start = match.index + match[0].length - value.length;
        if ([...pemKeys(value)].some(({ state }) => state === 'plain')) {
          yield { start, end: start + value.length, label: 'key of a service account', hideValue: true };
        }
      }
    },
  },
];
