import { createHash, X509Certificate } from 'node:crypto';
import { baseName } from '../../../../image/index.ts';
import type { FactReader } from '../../contract.ts';

/** A certificate, as checks need it. */
export interface Certificate {
  /** Line of its header from one on; one for DER. */
  readonly line: number;
  /** SHA-256 of the DER, hex. */
  readonly fingerprint: string;
  /** One line, at most 100 characters. */
  readonly subject: string;
  /** RFC 3339. */
  readonly notAfter: string;
  readonly authority: boolean;
  readonly selfIssued: boolean;
  /** `rsa`, `ec` …; `unknown` where OpenSSL does not know the kind. */
  readonly keyType: string;
  /** Of an RSA or DSA modulus; null for other kinds. */
  readonly keyBits: number | null;
  /** `sha256WithRSAEncryption` … */
  readonly signature: string;
}

/** Certificates of one file. */
export interface CertificateFacts {
  readonly certificates: readonly Certificate[];
  /** How many there are; beyond what is read of one file, they are only counted. */
  readonly total: number;
  /** Blocks that are no certificate. */
  readonly malformed: number;
}

/** Collections of authorities that systems and programs trust. */
const bundleName =
  /^(ca-bundle(\.trust)?\.(crt|pem)|ca-certificates\.crt|tls-ca-bundle\.pem|ca-bundle\.pem|cert\.pem|cacert\.pem)$/;
const bundleCertificates = 1000;
/** A file that is not a bundle has a certificate and its chain. */
const chainCertificates = 20;

/** Whether a file is a collection of authorities. */
export function isBundle(path: string): boolean {
  return bundleName.test(baseName(path)) || /\.p11-kit$/.test(path);
}

/** Reads X.509 certificates, PEM or DER. */
export const certificateReader: FactReader<CertificateFacts> = {
  id: 'certificates',
  version: 1,
  wants: ({ path }) => /\.(pem|crt|cer|cert|der|0|p11-kit)$/i.test(path),
  read(bytes, { path }) {
    const certificates: Certificate[] = [];
    let malformed = 0;
    let total = 0;
    const limit =
      isBundle(path) && /(^|\/)etc\/|(^|\/)usr\/share\/(pki|ca-certificates)\//.test(path)
        ? bundleCertificates
        : chainCertificates;
    for (const { der, line } of blocksOf(bytes)) {
      if (++total > limit) continue;
      const certificate = certificateOf(der, line);
      if (certificate === undefined) malformed++;
      else certificates.push(certificate);
    }
    return total === 0 ? undefined : { certificates, total, malformed };
  },
};

const begin = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g;
const end = '-----END ';
/** Base64 characters of one certificate: more is none that anybody issued. */
const maxBlock = 256 * 1024;

function* blocksOf(bytes: Uint8Array): Generator<{ readonly der: Buffer; readonly line: number }> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // A certificate in DER is a sequence of a length in two bytes.
  if (buffer[0] === 0x30 && buffer[1] === 0x82 && buffer.length < maxBlock) {
    yield { der: buffer, line: 1 };
    return;
  }
  const text = buffer.toString('latin1');
  let line = 1;
  let counted = 0;
  for (const match of text.matchAll(begin)) {
    const start = match.index + match[0].length;
    const stop = text.indexOf(end, start);
    for (let at = text.indexOf('\n', counted); at >= 0 && at < match.index; at = text.indexOf('\n', at + 1)) {
      line++;
      counted = at + 1;
    }
    if (stop < 0) return;
    yield { der: stop - start > maxBlock ? Buffer.alloc(0) : Buffer.from(text.slice(start, stop), 'base64'), line };
  }
}

function certificateOf(der: Buffer, line: number): Certificate | undefined {
  try {
    const parsed = new X509Certificate(der);
    const selfIssued = parsed.subject === parsed.issuer;
    return {
      line,
      fingerprint: createHash('sha256').update(parsed.raw).digest('hex'),
      subject: parsed.subject.replaceAll('\n', ', ').slice(0, 100),
      notAfter: parsed.validToDate.toISOString(),
      authority: parsed.ca || (selfIssued && isFirstVersion(parsed.raw)),
      selfIssued,
      ...keyOf(parsed),
      signature: (parsed.signatureAlgorithm ?? '').slice(0, 64),
    };
  } catch {
    return undefined;
  }
}

function keyOf(certificate: X509Certificate): Pick<Certificate, 'keyType' | 'keyBits'> {
  try {
    const { asymmetricKeyType = 'unknown', asymmetricKeyDetails } = certificate.publicKey;
    return { keyType: asymmetricKeyType, keyBits: asymmetricKeyDetails?.modulusLength ?? null };
  } catch {
    return { keyType: 'unknown', keyBits: null };
  }
}

/** Certificates of the first version have no extensions that could say what they are for; the version field comes first. */
function isFirstVersion(der: Buffer): boolean {
  const inner = afterHeader(der, 0);
  return der[afterHeader(der, inner)] !== 0xa0;
}

function afterHeader(der: Buffer, at: number): number {
  const length = der[at + 1] ?? 0;
  return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
}
