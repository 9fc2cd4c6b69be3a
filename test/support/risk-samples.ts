import fc from 'fast-check';
import type { BaselineFinding, MaliciousFinding, RiskFinding, SensitiveFinding } from '../../src/findings/index.ts';
import { toyDigest } from './facts-world.ts';

/** A failed check; `item` follows from the id. */
export function failedCheck(id: string, over: Partial<BaselineFinding> = {}): BaselineFinding {
  const layer = toyDigest(900);
  return {
    ...{ kind: 'baseline', id, axis: 'baseline', class: 'identification', name: 'identification' },
    ...{ item: `item_${id}`, title: `Check ${id}`, level: 'high', basis: null, total: 1 },
    evidence: [{ path: 'etc/passwd', layer, line: 3, excerpt: 'ro…ot', inBase: false }],
    ...{ description: `about ${id}`, advice: `against ${id}`, inBase: false, ignored: null },
    ...over,
  };
}

/** A malicious file whose hashes follow from a number. */
export function maliciousFile(number: number, over: Partial<MaliciousFinding> = {}): MaliciousFinding {
  return {
    ...{ kind: 'malicious', id: 'MW-04', key: 'WEBSHELL_IMG', title: 'Toy web shell', level: 'serious', family: null },
    ...{ path: `srv/${number}.php`, member: null, layer: toyDigest(901), present: true },
    ...{ md5: number.toString(16).padStart(32, '0'), sha256: number.toString(16).padStart(64, '0'), size: 17 },
    ...{ engine: 'drydock', rule: 'toy_shell', ruleNumber: 7, matches: [{ offset: 2, length: 5 }] },
    ...{ excerpt: 'ev…l', package: null, owner: null, uncounted: null, inBase: false, ignored: null },
    ...over,
  };
}

/** A file with a secret in it. */
export function sensitiveFile(id: string, path: string, over: Partial<SensitiveFinding> = {}): SensitiveFinding {
  return {
    ...{ kind: 'sensitive', id, class: 'password', title: `Secret ${id}`, level: 'medium', path },
    ...{ layer: toyDigest(902), present: true, line: 1, offset: 4, length: 20, excerpt: 'toys…et' },
    ...{ md5: path.length.toString(16).padStart(32, 'a'), secretId: 'f00d', total: 1 },
    ...{ description: 'a secret', advice: 'rotate it', inBase: false, ignored: null },
    ...over,
  };
}

const levels = fc.constantFrom('high' as const, 'medium' as const, 'low' as const);

const checks = fc
  .record({
    number: fc.integer({ min: 1, max: 6 }),
    ...{ level: levels, inBase: fc.boolean(), total: fc.integer({ min: 1, max: 300 }) },
    axis: fc.constantFrom('baseline' as const, 'instruction' as const),
    excerpt: fc.option(fc.string({ maxLength: 700, unit: 'binary' }), { nil: null }),
  })
  .map(({ number, axis, excerpt, ...rest }) => {
    const place = { path: 'etc/shadow', layer: toyDigest(900 + number), line: null, excerpt, inBase: rest.inBase };
    return failedCheck(`${axis === 'baseline' ? 'ID' : 'IC'}-00${number}`, { ...rest, axis, evidence: [place] });
  });
const files = fc
  .record({
    number: fc.integer({ min: 1, max: 5 }),
    level: fc.constantFrom('serious' as const, 'suspicious' as const, 'remind' as const),
    uncounted: fc.constantFrom(null, null, 'coverage' as const, 'observed' as const),
    path: fc.string({ maxLength: 12, unit: 'binary' }),
    layer: fc.integer({ min: 900, max: 902 }).map(toyDigest),
  })
  .map(({ number, ...rest }) => maliciousFile(number, rest));
const packages = fc
  .constantFrom('pkg:npm/toy@1', 'pkg:npm/toy@2')
  .map((name) =>
    maliciousFile(1, { id: 'MW-15', key: 'MALPKG_IMG', md5: null, sha256: null, size: null, package: name }),
  );
const secrets = fc
  .record({
    rule: fc.constantFrom('aws_access_key', 'pem', 'npm_token'),
    ...{ path: fc.constantFrom('a', 'b', 'root/.npmrc'), level: levels, inBase: fc.boolean() },
    layer: fc.option(fc.integer({ min: 900, max: 901 }).map(toyDigest), { nil: null }),
    md5: fc.constantFrom(null, 'b'.repeat(32)),
  })
  .map(({ rule, path, ...rest }) => sensitiveFile(rule, path, rest));

/** Findings of detectors in the order of a report, each thing once. */
export const riskFindings: fc.Arbitrary<readonly RiskFinding[]> = fc
  .tuple(
    fc.uniqueArray(checks, { maxLength: 6, selector: ({ id }) => id }),
    fc.uniqueArray(packages, { maxLength: 2, selector: (own) => own.package }),
    fc.uniqueArray(files, { maxLength: 4, selector: ({ path, md5 }) => `${path} ${md5}` }),
    fc.uniqueArray(secrets, { maxLength: 4, selector: ({ id, path, layer }) => `${id} ${path} ${layer}` }),
  )
  .map((parts) => parts.flat());
