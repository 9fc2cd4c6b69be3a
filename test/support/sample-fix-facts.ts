import type { FixFacts } from '../../src/fix/attest/contract.ts';
import { digestOf } from '../../src/image/index.ts';
import { sampleFixReport } from './sample-fix-report.ts';
import { samplePackage, sampleReport } from './sample-reports.ts';

/** The facts of the fix that `sampleFixReport` reports. */
export function sampleFixFacts(): FixFacts {
  const report = sampleFixReport();
  const before = sampleReport();
  const fixed = samplePackage('openssl', '3.0.13-1~deb12u1');
  const after = { ...before, packages: [fixed, ...before.packages.filter(({ name }) => name === 'tar')], findings: [] };
  return {
    task: report.task.id,
    version: '0.1.0',
    source: { reference: report.source.reference, digest: digestOf('source'), platform: 'linux/amd64' },
    result: { reference: 'registry.example:5000/team/app:v1-fixed', digest: digestOf('result') },
    request: {
      selection: { allFixable: true, ids: [], packages: [], severities: [] },
      requested: report.requested,
      strategy: 'best-effort',
      gate: 'high',
      pinned: [],
    },
    plan: {
      schema: 1,
      ecosystem: 'dpkg',
      revision: 1,
      plannedAt: '2026-03-01T10:00:00Z',
      platform: { os: 'linux', architecture: 'amd64' },
      indexes: [
        {
          archive: 'debian-security',
          suite: 'bookworm-security',
          date: '2026-02-28T10:00:00Z',
          inRelease: digestOf('InRelease'),
          packages: [digestOf('Packages')],
        },
      ],
      upgrades: report.upgrades.map((upgrade) => ({
        ...upgrade,
        source: { name: 'openssl', version: upgrade.to },
        path: `pool/updates/main/o/openssl/${upgrade.name}_${upgrade.to}_amd64.deb`,
        archive: 'debian-security',
        size: 1000,
      })),
      outcomes: [],
      estimate: { download: 2000, layer: 4000 },
      diagnostics: [],
    },
    planDigest: digestOf('plan'),
    outcomes: report.outcomes,
    before,
    after,
    rescanDigest: digestOf('rescan'),
    dropped: [digestOf('dropped')],
    startedAt: '2026-03-01T10:00:00Z',
    finishedAt: '2026-03-01T10:01:00Z',
  };
}
