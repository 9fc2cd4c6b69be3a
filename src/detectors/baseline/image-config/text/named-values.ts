/** A value that a text gives to a name. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
  /** Where the value is in the text, without quotes. */
  readonly start: number;
  readonly end: number;
  /** Whether the name says that the value is to be kept secret. */
  readonly secret: boolean;
}

/** Longest name of a variable or option. */
const maxName = 128;
const nameCharacter = /[A-Za-z0-9_.-]/;
const sign = /[= ]/g;
const valueEnd = /[\s"';|&]/g;

/**
 * `NAME=value`, `NAME="value"`, `--option=value`, and for names of secrets also `--password value`, in order. Reads each
 * character once; quotes that do not end reach to the end of the text.
 */
export function namedValues(text: string): NamedValue[] {
  const found: NamedValue[] = [];
  for (let at = nextSign(text, 0); at >= 0; ) {
    const name = nameBefore(text, at);
    if (name === '') {
      at = nextSign(text, at + 1);
      continue;
    }
    const value = valueAfter(text, at + 1);
    const secret = namesSecret(name);
    if (text[at] === '=' || secret) found.push({ name, ...value, secret });
    at = nextSign(text, text[at] === '=' || secret ? Math.max(value.end, at + 1) : at + 1);
  }
  return found;
}

/** The next `=`, or the blank behind an option. */
function nextSign(text: string, from: number): number {
  sign.lastIndex = from;
  for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
    if (found[0] === '=' || optionBefore(text, found.index)) return found.index;
  }
  return -1;
}

function optionBefore(text: string, at: number): boolean {
  const start = wordStart(text, at);
  return text.startsWith('--', start) && at - start > 2;
}

function wordStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < maxName && nameCharacter.test(text[start - 1] ?? '')) start--;
  return start;
}

function nameBefore(text: string, at: number): string {
  return text.slice(wordStart(text, at), at).replace(/^-+/, '');
}

function valueAfter(text: string, from: number): { value: string; start: number; end: number } {
  const quote = text[from];
  if (quote === '"' || quote === "'") {
    const found = text.indexOf(quote, from + 1);
    const end = found < 0 ? text.length : found;
    return { value: text.slice(from + 1, end), start: from + 1, end };
  }
  valueEnd.lastIndex = from;
  const end = valueEnd.exec(text)?.index ?? text.length;
  return { value: text.slice(from, end), start: from, end };
}

const secretName =
  /PASSWORD|PASSWD|PASSPHRASE|TOKEN|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL|ENCRYPTION_?KEY|(?:^|_)PASS$|(?<!OLD)_PWD$/;
/** Names of what stands around a secret and is none: where it lies, how long it is, which one it is. */
const besides =
  /(?:_|^)(?:FILE|PATH|DIR|URL|URI|ENDPOINT|HOST|NAME|USER|HEADER|TYPE|ID|IDS|LENGTH|LEN|MIN|MAX|TTL|EXPIRY|EXPIRES|EXPIRATION|TIMEOUT|ENABLED|REQUIRED|POLICY|ALGORITHM|SHA1|SHA256|SHA512|CHECKSUM|HASH|VERSION|FORMAT|PROVIDER|STORE|PREFIX|PUBLIC|PUBLIC_KEY)$/;

/** Whether a name announces a secret (`DB_PASSWORD`); public ids such as `GPG_KEY` and `AWS_ACCESS_KEY_ID` do not. */
export function namesSecret(name: string): boolean {
  const plain = name
    .slice(-maxName)
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[.-]/g, '_')
    .toUpperCase();
  return secretName.test(plain) && !besides.test(plain);
}

const placeholder =
  /example|change[-_ ]?me|placeholder|redacted|your[-_]|replace[-_]|dummy|sample|x{4}|\*{3}|password|passwd|secret|token|default|^(?:true|false|none|null|undefined)$/i;
/** Bits for each character; words of a language have less, unless they are long. */
const minEntropy = 3;

/** Whether a value may be a real one: long enough, of enough different characters, and no placeholder or reference. */
export function looksReal(value: string): boolean {
  if (value.length < 8 || value.length > 8192 || placeholder.test(value)) return false;
  // Variables, templates, paths and addresses are resolved when the container runs.
  if (/^(?:\$|%|<|\{\{|\/|\.{1,2}\/|[a-z+]{2,10}:\/\/|\d+$)/.test(value) || value.includes('${')) return false;
  return !isSequence(value) && entropyOf(value) >= minEntropy;
}

/** `12345678`, `abcdefgh`. */
function isSequence(value: string): boolean {
  let steps = 0;
  for (let at = 1; at < value.length; at++) {
    if (Math.abs(value.charCodeAt(at) - value.charCodeAt(at - 1)) <= 1) steps++;
  }
  return steps >= (value.length - 1) * 0.75;
}

/** Shannon entropy in bits for each UTF-16 unit. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / value.length) * Math.log2(count / value.length);
  return entropy;
}
