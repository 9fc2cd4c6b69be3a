import type {
  BaselineFinding,
  MaliciousFinding,
  ReportPackage,
  ScanReport,
  SensitiveFinding,
  VulnerabilityFinding,
} from '../../src/findings/index.ts';

const digest = (char: string): `sha256:${string}` => `sha256:${char.repeat(64)}`;

/** A package of the image; give what matters to the test. */
export function samplePackage(name: string, version: string, more: Partial<ReportPackage> = {}): ReportPackage {
  return {
    purl: `pkg:deb/debian/${encodeURIComponent(name.toWellFormed())}@${encodeURIComponent(version.toWellFormed())}?arch=amd64&distro=debian-12`,
    type: 'deb',
    name,
    version,
    arch: 'amd64',
    source: { name, version },
    locations: [{ path: 'var/lib/dpkg/status', layer: digest('a') }],
    ownedBy: null,
    ...{ scope: 'installed', confidence: 'high', guessed: false },
    ...more,
  };
}

/** A finding of a package; fixable and high by default. */
export function sampleFinding(
  id: string,
  pkg: ReportPackage,
  more: Partial<VulnerabilityFinding> = {},
): VulnerabilityFinding {
  return {
    kind: 'cve',
    id,
    aliases: [`DEBIAN-${id}`],
    package: pkg.purl,
    installedVersion: pkg.version,
    fixedVersion: '3.0.13-1~deb12u1',
    state: 'fixed',
    severity: { level: 'high', source: 'nvd', score: 7.5, vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' },
    kev: false,
    epss: { score: 0.42, percentile: 0.97 },
    priority: 'asap',
    priorityReason: 'P1: epss 0.42, fix 3.0.13-1~deb12u1',
    title: 'Denial of service in certificate parsing',
    layer: digest('a'),
    path: 'var/lib/dpkg/status',
    ignored: null,
    match: { advisory: `DEBIAN-${id}`, ecosystem: 'Debian:12', range: '< 3.0.13-1~deb12u1', on: 'source' },
    ...more,
  };
}

/** A failed check with one piece of evidence. */
export function sampleCheck(id: string, more: Partial<BaselineFinding> = {}): BaselineFinding {
  return {
    ...{ kind: 'baseline', id, axis: 'baseline', title: `Check ${id} failed`, class: 'identification' },
    ...{ name: 'identification', item: `item_${id}`, level: 'high', basis: null, total: 1 },
    evidence: [{ path: 'etc/shadow', layer: digest('a'), line: 3, excerpt: 'root::…', inBase: false }],
    ...{ description: 'An account has no password.', advice: 'Lock the account.', inBase: false, ignored: null },
    ...more,
  };
}

/** A file with a secret. */
export function sampleSecret(id: string, path: string, more: Partial<SensitiveFinding> = {}): SensitiveFinding {
  return {
    ...{ kind: 'sensitive', id, class: 'password', title: `A key ${id}`, level: 'high', path, layer: digest('a') },
    ...{ present: true, line: 7, offset: 120, length: 20, excerpt: 'ABCD…YZ', md5: null, secretId: 'c0ffee', total: 1 },
    ...{ description: 'A key was left in a file.', advice: 'Revoke it.', inBase: false, ignored: null },
    ...more,
  };
}

/** A malicious file. */
export function sampleMaliciousFile(
  rule: string,
  path: string,
  more: Partial<MaliciousFinding> = {},
): MaliciousFinding {
  return {
    ...{ kind: 'malicious', id: 'MW-03', key: 'TROJAN_IMG', title: `Rule ${rule}`, level: 'serious', family: null },
    ...{ path, member: null, layer: digest('a'), present: true, md5: 'd'.repeat(32), sha256: 'e'.repeat(64), size: 68 },
    ...{ engine: 'drydock', rule, ruleNumber: 7, matches: [{ offset: 4, length: 10 }], excerpt: null, package: null },
    ...{ owner: null, uncounted: null, inBase: false, ignored: null },
    ...more,
  };
}

/** A record that names a package as malicious. */
export function sampleMalicious(
  record: string,
  pkg: ReportPackage,
  more: Partial<MaliciousFinding> = {},
): MaliciousFinding {
  return {
    kind: 'malicious',
    id: 'MW-15',
    title: `Malicious code in ${pkg.name}`,
    level: 'serious',
    path: pkg.locations[0]?.path ?? '',
    layer: pkg.locations[0]?.layer ?? '',
    ...{ key: 'MALPKG_IMG', family: null, member: null, present: true, size: null, ruleNumber: null, excerpt: null },
    ...{ owner: null, inBase: false, uncounted: null, md5: null, sha256: null },
    engine: 'advisories',
    rule: record,
    matches: [],
    package: pkg.purl,
    ignored: null,
    ...more,
  };
}

/** A scanned image without packages and findings. */
export function emptyReport(): ScanReport {
  const none = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0, fixable: 0 };
  return {
    schemaVersion: 1,
    tool: { name: 'drydock', version: '0.1.0' },
    scan: {
      startedAt: '2026-03-01T10:00:00.000Z',
      finishedAt: '2026-03-01T10:00:02.500Z',
      layersRead: 1,
      layersCached: 0,
      bytesRead: 1000,
      state: 'complete',
      scanners: ['vuln'],
    },
    image: {
      reference: 'registry.example:5000/team/app:v1',
      digest: digest('1'),
      indexDigest: null,
      configDigest: digest('2'),
      platform: 'linux/amd64',
      created: '2026-01-01T00:00:00Z',
      size: 63_000_000,
      os: null,
      base: null,
      layers: [
        { digest: digest('a'), diffId: digest('b'), size: 63_000_000, createdBy: 'ADD rootfs.tar /', base: null },
      ],
    },
    advisories: { snapshot: 'f00d', createdAt: '2026-01-27T10:00:00.000Z', origin: 'bundled', sources: [] },
    counts: {
      cve: none,
      sca: none,
      baseline: { high: 0, medium: 0, low: 0, total: 0 },
      instruction: { high: 0, medium: 0, low: 0, total: 0 },
      malicious: { serious: 0, suspicious: 0, remind: 0, total: 0 },
      sensitive: { high: 0, medium: 0, low: 0, total: 0 },
    },
    packages: [],
    findings: [],
    checks: { passed: [], notApplicable: [], unknown: [], disabled: [] },
    diagnostics: [],
  };
}

/** A Debian image with findings of every state, level and kind of decision. */
export function sampleReport(): ScanReport {
  const openssl = samplePackage('openssl', '3.0.11-1~deb12u2');
  const libssl = samplePackage('libssl3', '3.0.11-1~deb12u2', {
    source: { name: 'openssl', version: '3.0.11-1~deb12u2' },
  });
  const zlib = samplePackage('zlib1g', '1:1.2.13.dfsg-1', { source: { name: 'zlib', version: '1:1.2.13.dfsg-1' } });
  const tar = samplePackage('tar', '1.34+dfsg-1.2');
  const none = { fixedVersion: null, epss: null, title: null, aliases: [] };
  const findings = [
    sampleFinding('CVE-2024-0001', libssl),
    sampleFinding('CVE-2024-0001', openssl),
    sampleFinding('CVE-2024-0002', openssl, {
      kev: true,
      severity: { level: 'critical', source: 'debian', score: null, vector: null },
    }),
    sampleFinding('CVE-2023-45853', zlib, {
      ...none,
      state: 'will_not_fix',
      severity: { level: 'medium', source: 'debian', score: 9.8, vector: 'CVSS:4.0/AV:N/AC:L' },
    }),
    sampleFinding('CVE-2022-48303', tar, {
      ...none,
      state: 'unfixed',
      severity: { level: 'low', source: 'nvd', score: 2.1, vector: 'AV:L/AC:L/Au:N/C:N/I:N/A:P' },
    }),
    sampleFinding('CVE-2005-2541', tar, {
      ...none,
      state: 'unimportant',
      severity: { level: 'negligible', source: 'debian', score: null, vector: null },
    }),
    sampleFinding('TEMP-0290435-0B57B5', tar, {
      ...none,
      state: 'end_of_life',
      severity: { level: 'unknown', source: null, score: null, vector: null },
      ignored: { reason: 'not reachable', by: 'alice', until: '2026-06-01' },
    }),
  ];
  const base = emptyReport();
  return {
    ...base,
    image: {
      ...base.image,
      indexDigest: digest('3'),
      os: { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)', endOfLife: null },
    },
    counts: {
      ...base.counts,
      cve: { critical: 1, high: 2, medium: 1, low: 1, unknown: 0, total: 5, fixable: 3 },
    },
    packages: [libssl, openssl, tar, zlib],
    findings,
  };
}
