import type { FixReport } from '../../src/findings/index.ts';

const digest = (char: string): `sha256:${string}` => `sha256:${char.repeat(64)}`;

/** A fix that brought two upgrades and left one finding. */
export function sampleFixReport(): FixReport {
  const evidence = { rescan: 'absent', changelog: 'names the CVE' } as const;
  const upgrade = {
    arch: 'amd64',
    from: '3.0.11-1~deb12u2',
    to: '3.0.13-1~deb12u1',
    repository: 'debian-security bookworm-security/main',
    sha256: 'e'.repeat(64),
    reason: 'requested',
  } as const;
  const common = { from: upgrade.from, to: upgrade.to, outcome: 'fixed', detail: null, evidence } as const;
  return {
    schemaVersion: 1,
    task: {
      id: 'ivf-3b241101-e2bb-4255-8caf-4136c566a962',
      status: 'partial',
      stage: 'promoted',
      startedAt: '2026-03-01T10:00:00Z',
      finishedAt: '2026-03-01T10:01:00Z',
      reason: null,
    },
    source: { reference: 'registry.example:5000/team/app:v1', digest: digest('1'), platform: 'linux/amd64' },
    result: {
      reference: 'registry.example:5000/team/app:v1-fixed',
      digest: digest('4'),
      indexDigest: null,
      layer: { digest: digest('5'), size: 12_300_000, files: 431, removed: 2 },
      referrers: [{ artifactType: 'application/vnd.cyclonedx+json', digest: digest('6') }],
    },
    requested: ['CVE-2022-48303', 'CVE-2024-0001', 'CVE-2024-0002'],
    outcomes: [
      { id: 'CVE-2024-0001', package: 'libssl3', ...common },
      { id: 'CVE-2024-0001', package: 'openssl', ...common },
      { id: 'CVE-2024-0002', package: 'openssl', ...common },
      {
        id: 'CVE-2022-48303',
        package: 'tar',
        from: '1.34+dfsg-1.2',
        to: null,
        outcome: 'no_fix_published',
        detail: 'Debian has not published a fix',
        evidence: { rescan: 'present', changelog: null },
      },
    ],
    upgrades: [
      { name: 'libssl3', ...upgrade },
      { name: 'openssl', ...upgrade, reason: 'same source' },
    ],
    verification: {
      report: digest('7'),
      remaining: [],
      introduced: [],
      sideEffects: ['CVE-2024-9999'],
      integrity: { files: 431, mismatches: 0 },
    },
    counts: {
      before: { total: 5, critical: 1, high: 2, medium: 1, low: 1, unknown: 0 },
      after: { total: 2, critical: 0, high: 0, medium: 1, low: 1, unknown: 0 },
    },
    diagnostics: [],
  };
}
