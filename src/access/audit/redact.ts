import { Secret } from '../secrets/secret.ts';

const limits = { depth: 8, members: 500, text: 4096 };

const secretName =
  /pass(?:word|wd|phrase)?$|pwd$|passw|secret|token|authori[sz]ation|credential|private.?key|api.?key|master.?key|cookie|signature|bearer/i;
const pem = /-----BEGIN [A-Z0-9 ]{1,60}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,60}-----|$)/g;
const userInfo = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#@]{1,512}@/gi;
const scheme = /\b(Bearer|Basic|Digest|SDK-HMAC-SHA256|ACS3-HMAC-SHA256)\s+[^\s"',]+(?:,\s*[^\s"']+)*/gi;
const ownToken = /\bddt_[lr]_[\w-]{20,}/g;

const gone = '[redacted]';

/**
 * A copy of a value that may be stored in the audit log: secrets are taken out by what they are (the name of the
 * member, `Secret`, PEM, credentials in URLs and headers), and the size is bounded.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number') return value;
  if (value instanceof Secret) return gone;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (typeof value !== 'object') return undefined;
  if (depth >= limits.depth) return '[too deep]';
  if (Array.isArray(value)) {
    const kept = value.slice(0, limits.members).map((item) => redact(item, depth + 1));
    return value.length > limits.members ? [...kept, `[${value.length - limits.members} more]`] : kept;
  }
  const entries = Object.entries(value).slice(0, limits.members);
  return Object.fromEntries(
    entries.map(([name, member]) => [
      name.slice(0, 200).toWellFormed(),
      isSecretMember(name, member) ? gone : redact(member, depth + 1),
    ]),
  );
}

/** Whether there is one is no secret: booleans, numbers and null stay. */
function isSecretMember(name: string, member: unknown): boolean {
  return secretName.test(name) && (typeof member === 'string' || (typeof member === 'object' && member !== null));
}

function redactText(text: string): string {
  const clean = text
    .slice(0, limits.text + 8192)
    .toWellFormed()
    .replace(pem, gone)
    .replace(userInfo, `$1${gone}@`)
    .replace(scheme, `$1 ${gone}`)
    .replace(ownToken, gone);
  return clean.length > limits.text ? `${clean.slice(0, limits.text).toWellFormed()}…` : clean;
}
