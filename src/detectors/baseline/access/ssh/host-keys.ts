import { baseName } from '../../../../image/index.ts';
import type { FactReader } from '../../contract.ts';

/** A private key of a server, by what it is; nothing of the key is kept. */
export interface HostKey {
  /** First line: `-----BEGIN OPENSSH PRIVATE KEY-----`. */
  readonly header: string;
  /** `ssh-ed25519`, `rsa` …; `unknown` where neither content nor name tells. */
  readonly type: string;
}

const headerPattern = /-----BEGIN ([A-Z0-9 ]{0,24}PRIVATE KEY)-----\r?\n/;

/** Reads host keys of an SSH server. */
export const hostKeyReader: FactReader<HostKey> = {
  id: 'ssh-host-key',
  version: 1,
  wants: ({ path }) => /^ssh_host_[^/]*key$/.test(baseName(path)),
  take: 'head',
  read(bytes, { path }) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2048)).toString('latin1');
    const header = headerPattern.exec(text);
    if (header === null) return undefined;
    const body = text.slice(header.index + header[0].length);
    const type = header[1] === 'OPENSSH PRIVATE KEY' ? openSshType(body) : pemType(header[1] ?? '');
    return { header: header[0].trim(), type: type ?? typeOfName(path) };
  },
};

/** The public part of OpenSSH's format names the type: magic, three texts, a count, then a text that begins with it. */
function openSshType(body: string): string | undefined {
  const bytes = Buffer.from(body.slice(0, 400).replace(/\s/g, ''), 'base64');
  const magic = 'openssh-key-v1\0';
  if (bytes.toString('latin1', 0, magic.length) !== magic) return undefined;
  let at = magic.length;
  for (let text = 0; text < 3; text++) at += 4 + lengthAt(bytes, at);
  const start = at + 4 + 4 + 4;
  const type = bytes.toString('latin1', start, start + lengthAt(bytes, start - 4));
  return /^[a-z0-9@.-]{3,64}$/.test(type) ? type : undefined;
}

function lengthAt(bytes: Buffer, at: number): number {
  // What is longer than the head is no header of a key.
  return at + 4 <= bytes.length ? Math.min(bytes.readUInt32BE(at), 4096) : 0;
}

function pemType(header: string): string | undefined {
  return /^(RSA|DSA|EC) PRIVATE KEY$/.exec(header)?.[1]?.toLowerCase();
}

function typeOfName(path: string): string {
  return /^ssh_host_(rsa|dsa|ecdsa|ed25519)_key$/.exec(baseName(path))?.[1] ?? 'unknown';
}
