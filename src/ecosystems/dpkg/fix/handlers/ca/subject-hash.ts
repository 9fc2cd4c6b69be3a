import { createHash } from 'node:crypto';
import { derChildren, readDer, writeDer } from './der.ts';

const utf8String = 0x0c;
/** Decoders of the string types that the canonical form turns into UTF-8. */
const stringTypes = new Map<number, (bytes: Buffer) => string>([
  [utf8String, (bytes) => bytes.toString('utf8')],
  [0x13, (bytes) => bytes.toString('latin1')],
  [0x14, (bytes) => bytes.toString('latin1')],
  [0x16, (bytes) => bytes.toString('latin1')],
  [0x1a, (bytes) => bytes.toString('latin1')],
  [0x1c, decodeUtf32],
  [0x1e, (bytes) => Buffer.from(bytes).swap16().toString('utf16le')],
]);

/**
 * Name of the hash link of a certificate (eight hex digits): SHA-1 over the canonical subject, as OpenSSL has computed
 * it since version 1.0. Undefined when the bytes are no certificate.
 */
export function subjectHash(certificate: Uint8Array): string | undefined {
  const subject = subjectOf(certificate);
  const canonical = subject && canonicalName(subject);
  if (canonical === undefined) return undefined;
  return createHash('sha1').update(canonical).digest().readUInt32LE(0).toString(16).padStart(8, '0');
}

/** Content of the subject's SEQUENCE. */
function subjectOf(certificate: Uint8Array): Uint8Array | undefined {
  const outer = readDer(certificate, 0);
  const body = outer && readDer(outer.content, 0);
  const fields = body && derChildren(body.content);
  if (!fields) return undefined;
  // The version is an optional element in front: [0].
  const subject = fields[fields[0]?.tag === 0xa0 ? 5 : 4];
  return subject?.tag === 0x30 ? subject.content : undefined;
}

function canonicalName(subject: Uint8Array): Uint8Array | undefined {
  const sets: Uint8Array[] = [];
  for (const set of derChildren(subject) ?? []) {
    const pairs = derChildren(set.content)?.map(({ content }) => canonicalPair(content));
    if (!pairs || pairs.some((pair) => pair === undefined)) return undefined;
    const sorted = (pairs as Uint8Array[]).sort(Buffer.compare);
    sets.push(writeDer(0x31, Buffer.concat(sorted)));
  }
  return Buffer.concat(sets);
}

function canonicalPair(content: Uint8Array): Uint8Array | undefined {
  const [type, value] = derChildren(content) ?? [];
  if (!type || !value) return undefined;
  const decode = stringTypes.get(value.tag);
  const bytes = Buffer.from(value.content);
  if (decode === undefined || (value.tag === 0x1e && bytes.length % 2 !== 0)) {
    return writeDer(0x30, Buffer.concat([type.encoded, value.encoded]));
  }
  const text = canonicalText(Buffer.from(decode(bytes), 'utf8').toString('latin1'));
  return writeDer(0x30, Buffer.concat([type.encoded, writeDer(utf8String, Buffer.from(text, 'latin1'))]));
}

/** Trims, makes one blank of each white space, lowers ASCII letters; one character per byte of UTF-8. */
function canonicalText(text: string): string {
  return text
    .replace(/^[ \t-\r]+/, '')
    .replace(/[ \t-\r]+$/, '')
    .replace(/[ \t-\r]+/g, ' ')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function decodeUtf32(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = bytes.readUInt32BE(at);
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}
