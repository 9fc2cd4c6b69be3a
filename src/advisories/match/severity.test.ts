import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesOf, nvdHigh, nvdLow, only, type TestRecord } from '../../../test/support/fact-store.ts';

const severities: { name: string; ecosystem: string; records: TestRecord[]; level: string; source: string | null }[] = [
  {
    name: 'Debian urgency before CVSS',
    ecosystem: 'Debian:12',
    records: [{ id: 'CVE-2024-0001', urgency: 'low**', severities: [nvdHigh] }],
    level: 'low',
    source: 'debian',
  },
  {
    name: 'not yet assigned is no rating',
    ecosystem: 'Debian:12',
    records: [{ id: 'CVE-2024-0001', urgency: 'not yet assigned', severities: [nvdHigh] }],
    level: 'high',
    source: 'nvd',
  },
  {
    name: 'word of an erratum',
    ecosystem: 'AlmaLinux:9',
    records: [{ id: 'ALSA-2024:1', linked: ['CVE-2024-0001'], word: 'moderate' }],
    level: 'medium',
    source: 'almalinux',
  },
  {
    name: 'package before record',
    ecosystem: 'Go',
    records: [{ id: 'GHSA-aaaa-bbbb-cccc', severities: [nvdHigh], packageSeverities: [nvdLow] }],
    level: 'low',
    source: 'ghsa',
  },
  {
    name: "the CVE behind a distribution's own id, known to another publisher",
    ecosystem: 'Debian:12',
    records: [
      { id: 'DEBIAN-CVE-2024-0001', linkedElsewhere: false },
      { id: 'GHSA-aaaa-bbbb-cccc', aliases: ['CVE-2024-0001'], severities: [nvdHigh], fixed: '1' },
    ],
    level: 'high',
    source: 'ghsa',
  },
  {
    name: 'publisher word without vector',
    ecosystem: 'npm',
    records: [{ id: 'GHSA-aaaa-bbbb-cccc', word: 'moderate' }],
    level: 'medium',
    source: 'ghsa',
  },
  {
    name: 'CVSS of an alias',
    ecosystem: 'Go',
    records: [
      { id: 'GO-2024-0001', aliases: ['CVE-2024-0001'] },
      { id: 'CVE-2024-0001', fixed: '1', severities: [nvdHigh] },
    ],
    level: 'high',
    source: 'nvd',
  },
  { name: 'nobody says', ecosystem: 'Debian:12', records: [{ id: 'CVE-2026-0001' }], level: 'unknown', source: null },
  {
    name: 'an invalid vector is no score',
    ecosystem: 'Debian:12',
    records: [{ id: 'CVE-2026-0001', severities: ['CVSS:3.1/AV:N'] }],
    level: 'unknown',
    source: null,
  },
];

for (const { name, ecosystem, records, level, source } of severities) {
  test(`severity: ${name}`, () => {
    const { severity } = only(matchesOf(ecosystem, records));
    assert.deepEqual([severity.level, severity.source], [level, source]);
  });
}
