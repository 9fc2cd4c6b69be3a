import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeOf } from '../../../test/support/fact-store.ts';
import { ecosystems, type InstalledPackage, type OsRelease } from '../../ecosystems/index.ts';
import type { FactStore } from '../facts.ts';
import { type OsvRecord, readOsvRecord } from '../feeds/osv-record.ts';
import { matchPackages } from './matcher.ts';

/** Excerpts of published records: names, fixes and titles are theirs. */
const records: readonly OsvRecord[] = [
  record('ALSA-2026:7896', 'Important: nodejs:20 security update', 'CVE-2026-21710', [
    ['AlmaLinux:9', 'nodejs', '1:20.20.2-1.module_el9.7.0+226+88d36870'],
    ['AlmaLinux:9', 'nodejs-devel', '1:20.20.2-1.module_el9.7.0+224+0af7cc6b'],
    ['AlmaLinux:9', 'nodejs-devel', '1:20.20.2-1.module_el9.7.0+226+88d36870'],
    ['AlmaLinux:9', 'nodejs-docs', '1:20.20.2-1.module_el9.7.0+224+0af7cc6b'],
  ]),
  record('ALSA-2026:52395', 'Important: postgresql security update', 'CVE-2026-0001', [
    ['AlmaLinux:9', 'postgresql', '13.23-5.el9_8'],
  ]),
  record('ALSA-2026:4110', 'Important: postgresql:16 security update', 'CVE-2026-0002', [
    ['AlmaLinux:9', 'postgresql', '16.13-1.module_el9.7.0+213+65e1da69'],
  ]),
  record('RLSA-2024:5138', 'Important: httpd security update', 'CVE-2024-38475', [
    ['Rocky Linux:9', 'httpd', '0:2.4.57-11.el9_4.1'],
  ]),
];

function record(id: string, summary: string, cve: string, fixes: [string, string, string][]): OsvRecord {
  const affected = fixes.map(([ecosystem, name, fixed]) => ({
    package: { ecosystem, name },
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
  }));
  const read = readOsvRecord({ id, summary, related: [cve], modified: '2026-05-01T00:00:00Z', affected });
  assert.ok(read);
  return read;
}

/** A store that holds the records as the index keeps them. */
const store: FactStore = storeOf(
  '',
  records.map(({ id, linked, title }) => ({ id, linked, title })),
  {
    covers: () => true,
    facts: (ecosystem, name) =>
      records.flatMap(({ affected }, position) =>
        affected
          .filter((entry) => entry.ecosystem === ecosystem && entry.name === name)
          .map(({ ranges, versions }) => ({
            record: position,
            ranges,
            versions,
            urgency: null,
            severities: [],
            imports: [],
            stance: null,
          })),
      ),
  },
);

const almalinux: OsRelease = { id: 'almalinux', versionId: '9.7', codename: null, prettyName: null, path: '' };

function found(
  name: string,
  version: string,
  more: Partial<InstalledPackage> & { stream?: string } = {},
  os = almalinux,
) {
  const { stream, ...rest } = more;
  const pkg: InstalledPackage = {
    purl: `pkg:rpm/${os.id}/${name}@${version}${stream === undefined ? '' : `?rpmmod=${encodeURIComponent(stream)}`}`,
    ...{ type: 'rpm', name, version, arch: 'x86_64', source: null, locations: [], ownedBy: null, held: false },
    ...rest,
  };
  return matchPackages([pkg], os, ecosystems, store).matches.map(({ id, fixedVersion }) => [id, fixedVersion]);
}

test('complaint 9: the build of one erratum that is installed is not compared with the other build', () => {
  const patched = '1:20.20.2-1.module_el9.7.0+224+0af7cc6b';
  assert.deepEqual(found('nodejs-devel', patched, { stream: 'nodejs:20' }), []);
  assert.deepEqual(found('nodejs-devel', '1:20.20.1-1.module_el9.7.0+200+0', { stream: 'nodejs:20' }), [
    ['CVE-2026-21710', patched],
  ]);
});

test('complaint 9: fixes of another stream say nothing', () => {
  assert.deepEqual(found('nodejs', '1:18.20.8-1.module_el9.5.0+150+0', { stream: 'nodejs:18' }), []);
});

test('complaint 9: a build outside of modules is compared with fixes outside of modules only, and the reverse', () => {
  assert.deepEqual(found('postgresql', '13.20-1.el9_5'), [['CVE-2026-0001', '13.23-5.el9_8']]);
  assert.deepEqual(found('postgresql', '16.8-1.module_el9.5.0+1+0', { stream: 'postgresql:16' }), [
    ['CVE-2026-0002', '16.13-1.module_el9.7.0+213+65e1da69'],
  ]);
  assert.deepEqual(found('postgresql', '12.1-1.module_el9.5.0+1+0', { stream: 'postgresql:12' }), []);
});

test('complaint 5: the version of a binary package is not compared with a range of its source', () => {
  const rocky: OsRelease = { ...almalinux, id: 'rocky', versionId: '9.4' };
  // mod_ssl has an epoch of its own: by it, it would be newer than every fix of httpd.
  const source = { name: 'httpd', version: '2.4.57-8.el9' };
  assert.deepEqual(found('mod_ssl', '1:2.4.57-8.el9', { source }, rocky), [['CVE-2024-38475', '0:2.4.57-11.el9_4.1']]);
  const fixed = { name: 'httpd', version: '2.4.57-11.el9_4.1' };
  assert.deepEqual(found('mod_ssl', '1:2.4.57-11.el9_4.1', { source: fixed }, rocky), []);
  // A binary package that is called like the source is looked up by its source all the same.
  const other = { name: 'httpd-next', version: '1-1' };
  assert.deepEqual(found('httpd', '2.4.57-8.el9', { source: other }, rocky), []);
});
