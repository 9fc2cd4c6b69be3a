import type { RiskEvidence } from '../../../contract.ts';
import type { Check, CheckContext, ReadFile } from '../../contract.ts';
import { tlsCheck } from '../../define-check.ts';
import { failIf, notApplicable, unknown } from '../../outcome.ts';
import { type Certificate, type CertificateFacts, certificateReader, isBundle } from './certificate-file.ts';

/** Where systems keep what they trust; the administrator's anchors and what is made of them. */
const store =
  /^(etc\/ssl\/certs\/|etc\/ssl\/(cert|ca-bundle)\.pem$|etc\/pki\/(tls\/certs|ca-trust|trust)\/|etc\/ca-certificates\/|usr\/local\/share\/ca-certificates\/|var\/lib\/ca-certificates\/|usr\/local\/share\/certs\/)/;
/** What the distribution ships for the stores. */
const shipped = /^usr\/(share|lib)\/(ca-certificates|pki|ca-certs)\//;

type CertificateFile = ReadFile<CertificateFacts> & { readonly facts: CertificateFacts };

function filesOf(context: CheckContext): { readonly files: CertificateFile[]; readonly tooLarge: string | undefined } {
  const all = context.files(certificateReader);
  return {
    files: all.filter((file): file is CertificateFile => file.facts !== undefined),
    tooLarge: all.find(({ facts }) => facts === undefined)?.path,
  };
}

const extraAuthority = tlsCheck({
  id: 'SH-011',
  item: 'extra_root_ca',
  level: 'medium',
  title: { en: 'Additional root certificate is trusted', zh: '信任了额外的根证书' },
  description: {
    en: 'The trust store has an authority that no package brought and that is not in the bundle of the distribution: its owner can pose as any server.',
    zh: '信任库中存在不属于任何软件包、也不在发行版证书集中的 CA，其所有者可冒充任意服务器。',
  },
  advice: {
    en: 'Remove the certificate, or put its fingerprint on the list of trusted ones of the policy.',
    zh: '删除该证书，或将其指纹加入策略的可信证书列表。',
  },
  evaluate(context) {
    const { files, tooLarge } = filesOf(context);
    const inStore = files.filter(({ path }) => store.test(path));
    if (inStore.length === 0) {
      return tooLarge !== undefined && store.test(tooLarge)
        ? unknown('too_large', `/${tooLarge} is too large`)
        : notApplicable('no trust store');
    }
    const owned = (path: string): boolean => context.owners.ownerOf(path) !== undefined;
    const known = new Set(context.settings.trustedCertificates.map(plainFingerprint));
    const before = known.size;
    for (const { path, facts } of files) {
      if ((!shipped.test(path) && !store.test(path)) || !owned(path)) continue;
      for (const { fingerprint } of facts.certificates) known.add(fingerprint);
    }
    // Without anything to compare with, only what an administrator put there by itself can be told.
    const comparable = known.size > before;
    const judged = inStore.filter(({ path }) => !owned(path) && (comparable || !isBundle(path)));
    const evidence = judged.flatMap((file) => extraOf(context, file, known));
    if (evidence.length > 0) return failIf(distinct(evidence));
    const counted = judged.find(({ facts }) => facts.total > facts.certificates.length + facts.malformed);
    if (counted !== undefined) return unknown('too_large', `/${counted.path} has too many certificates`);
    if (!comparable)
      return unknown('no_reference', 'no package of the image brings certificates to compare the bundle with');
    return failIf([]);
  },
});

function plainFingerprint(fingerprint: string): string {
  return fingerprint
    .replace(/^sha256:/i, '')
    .replaceAll(':', '')
    .toLowerCase();
}

interface Extra {
  readonly certificate: Certificate;
  readonly evidence: RiskEvidence;
  readonly bundle: boolean;
}

function extraOf(context: CheckContext, file: CertificateFile, known: ReadonlySet<string>): Extra[] {
  return file.facts.certificates
    .filter(({ authority, fingerprint }) => authority && !known.has(fingerprint))
    .map((certificate) => {
      const excerpt = `${certificate.subject}; sha256 ${certificate.fingerprint}`;
      const evidence = context.evidence(file, { line: certificate.line, excerpt });
      return { certificate, evidence, bundle: isBundle(file.path) };
    });
}

/** An anchor is found again in the bundle that is made of it: it is told once, where somebody put it. */
function distinct(extra: readonly Extra[]): RiskEvidence[] {
  const single = new Set(extra.filter(({ bundle }) => !bundle).map(({ certificate }) => certificate.fingerprint));
  return extra
    .filter(({ bundle, certificate }) => !bundle || !single.has(certificate.fingerprint))
    .map(({ evidence }) => evidence);
}

/** Why a certificate is weak; undefined when it is not. A root is trusted by being there: its own signature says nothing. */
function weaknessOf(certificate: Certificate, now: Date): string | undefined {
  const { notAfter, keyType, keyBits, signature, authority, selfIssued } = certificate;
  if (Date.parse(notAfter) < now.getTime()) return `expired on ${notAfter.slice(0, 10)}`;
  if (keyType === 'rsa' && keyBits !== null && keyBits < 2048) return `RSA key of ${keyBits} bits`;
  if (!(authority && selfIssued) && /md[245]|sha1(?!\d)/i.test(signature)) return `signed with ${signature}`;
  return undefined;
}

const weakCertificate = tlsCheck({
  id: 'SH-012',
  item: 'weak_certificate',
  level: 'low',
  title: { en: 'Expired or weak certificate', zh: '证书过期或强度不足' },
  description: {
    en: 'A certificate of the image has expired, has an RSA key below 2048 bits or is signed with SHA-1 or MD5: clients refuse it, or are taught not to check.',
    zh: '镜像中的证书已过期、RSA 密钥小于 2048 位，或使用 SHA-1、MD5 签名：客户端会拒绝，或被迫关闭校验。',
  },
  advice: {
    en: 'Issue the certificate again, and mount it when the container starts.',
    zh: '重新签发证书，并在容器启动时挂载。',
  },
  evaluate(context) {
    const { files, tooLarge } = filesOf(context);
    const own = files.filter(
      ({ path, facts }) =>
        !isBundle(path) && !shipped.test(path) && !fromBundle(context, path) && facts.certificates.length > 0,
    );
    const evidence = own.flatMap((file) =>
      file.facts.certificates.flatMap((certificate) => {
        const weakness = weaknessOf(certificate, context.now);
        if (weakness === undefined) return [];
        return [context.evidence(file, { line: certificate.line, excerpt: `${certificate.subject}: ${weakness}` })];
      }),
    );
    if (evidence.length > 0) return failIf(evidence);
    const counted =
      own.find(({ facts }) => facts.total > facts.certificates.length + facts.malformed)?.path ?? tooLarge;
    if (counted !== undefined) return unknown('too_large', `/${counted} was not read to its end`);
    return own.length === 0 ? notApplicable('no certificates besides those of authorities') : failIf([]);
  },
});

/** Authorities of the distribution in the folder of a trust store. */
function fromBundle(context: CheckContext, path: string): boolean {
  return store.test(path) && context.owners.ownerOf(path) !== undefined;
}

/** Checks of certificates. */
export const certificateChecks: readonly Check[] = [extraAuthority, weakCertificate];
