import type { ScanReport } from '../../src/findings/index.ts';
import { sampleFinding, samplePackage, sampleReport } from './sample-reports.ts';

/** Strings that terminals, browsers, viewers and parsers have been fooled with (hostile-inputs.md, groups 16 and 19). */
export const hostileTexts: readonly string[] = [
  '<img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '[click](javascript:alert(1))',
  '{{7*7}} {0} $HOME $(id) `id`',
  '\u001b[2J\u001b]0;owned\u0007\u001b[31mred',
  '\u009b2J\r\nfake line\u0000',
  'user\u202etxt.exe\u2066\u200b\u200d\ufeff',
  '\ud800 lone \udfff',
  'file:///etc/passwd',
  '../../../../etc/shadow',
  '\u{e0041}\u{e0042} e\u0301\u0301\u0301 漢字 😀',
  '"quoted" \'single\' \\back & <tag/>',
  '%zz %41 a b#c?d[e]',
  'x'.repeat(100_000),
  '',
];

/** A report in which every text that can come from outside is hostile. */
export function hostileReport(): ScanReport {
  const base = sampleReport();
  const packages = hostileTexts.flatMap((text, index) => {
    const pkg = samplePackage('bad', '1', {
      purl: `pkg:deb/debian/${text.toWellFormed()}@${index}`,
      name: text,
      version: text,
      source: { name: text, version: text },
      locations: [{ path: text, layer: text }],
      ownedBy: text,
    });
    // The same package found twice.
    return index === 0 ? [pkg, pkg] : [pkg];
  });
  const findings = packages.map((pkg, index) =>
    sampleFinding(`${pkg.name}`, pkg, {
      aliases: [pkg.name, pkg.name],
      fixedVersion: pkg.name,
      title: pkg.name,
      path: pkg.name,
      layer: pkg.name,
      severity: { level: 'high', source: pkg.name, score: 7.5, vector: pkg.name },
      ignored:
        index % 3 === 0
          ? {
              ...{ reason: pkg.name, by: pkg.name, until: pkg.name },
              ...(index % 2 === 0 && {
                vex: { status: 'not_affected', justification: pkg.name, document: pkg.name },
              }),
            }
          : null,
      match: { advisory: pkg.name, ecosystem: pkg.name, range: pkg.name, on: 'source' },
    }),
  );
  const text = hostileTexts[4] ?? '';
  return {
    ...base,
    image: {
      ...base.image,
      reference: `registry.example/${text}:v1`,
      os: { id: text, versionId: text, prettyName: hostileTexts[6] ?? '', endOfLife: null },
      layers: hostileTexts.map((createdBy) => ({
        digest: `sha256:${'c'.repeat(64)}`,
        diffId: createdBy,
        size: 1,
        createdBy,
        base: null,
      })),
    },
    packages,
    findings,
    diagnostics: hostileTexts.map((message) => ({ code: 'truncated_tar', path: message, message, partial: true })),
  };
}
