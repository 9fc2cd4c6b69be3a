import { createHash } from 'node:crypto';
import { subjectHash } from './subject-hash.ts';

const block = /-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;
const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

/** The certificate of a PEM file that holds exactly one object, as DER; undefined otherwise. */
export function singleCertificate(pem: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString('latin1');
  let found: Uint8Array | undefined;
  for (const match of text.matchAll(block)) {
    if (found !== undefined || !certificateLabels.has(match[1] ?? '')) return undefined;
    found = Buffer.from(match[2] ?? '', 'base64');
  }
  return found;
}

/** What hash links a directory of certificates must hold. */
export interface HashLinks {
  /** Link name `<hash>.<n>` → file name. */
  readonly links: ReadonlyMap<string, string>;
}

/**
 * Computes the links of `openssl rehash`: files in byte order, a repeated certificate skipped, numbers counted up per
 * hash; a number that a file already has is kept.
 */
export function computeHashLinks(
  files: readonly { readonly name: string; readonly pem: Uint8Array }[],
  existing: ReadonlyMap<string, string>,
): HashLinks {
  const byHash = new Map<string, { name: string; fingerprint: string }[]>();
  for (const { name, pem } of [...files].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))) {
    const certificate = singleCertificate(pem);
    const hash = certificate && subjectHash(certificate);
    if (!certificate || hash === undefined) continue;
    const fingerprint = createHash('sha256').update(certificate).digest('hex');
    const group = byHash.get(hash) ?? [];
    if (group.some((other) => other.fingerprint === fingerprint)) continue;
    group.push({ name, fingerprint });
    byHash.set(hash, group);
  }
  const links = new Map<string, string>();
  for (const [hash, group] of byHash) {
    const waiting: string[] = [];
    for (const { name } of group) {
      const kept = group.findIndex((_, number) => existing.get(`${hash}.${number}`) === name);
      if (kept >= 0) links.set(`${hash}.${kept}`, name);
      else waiting.push(name);
    }
    for (let number = 0; waiting.length > 0; number++) {
      if (!links.has(`${hash}.${number}`)) links.set(`${hash}.${number}`, waiting.shift() ?? '');
    }
  }
  return { links };
}
