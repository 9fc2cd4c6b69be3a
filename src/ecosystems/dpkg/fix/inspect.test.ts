import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openToyImage } from '../../../../test/support/apply-packages.ts';
import { tar } from '../../../../test/support/test-image.ts';
import { inspectDpkg } from './inspect.ts';

const record = (status: string, extra = ''): string =>
  `Package: toy\nStatus: ${status}\nArchitecture: all\nVersion: 1\n${extra}Description: toy\n`;
const status = 'var/lib/dpkg/status';
const settled = { [status]: { content: record('install ok installed') } };

/** Databases that dpkg itself would first repair or refuse (fix-engine.md §8.1), and layouts that are not written. */
const refused: readonly { name: string; files: Parameters<typeof tar>[0]; reason: string; detail: RegExp }[] = [
  {
    name: 'no database',
    files: { 'etc/hostname': { content: 'x' } },
    reason: 'no_package_database',
    detail: /no dpkg/,
  },
  {
    name: 'sliced by chisel',
    files: { ...settled, 'var/lib/chisel/manifest.wall': { content: 'x' } },
    reason: 'chiseled',
    detail: /chisel/,
  },
  {
    name: 'records in two places',
    files: {
      ...settled,
      'var/lib/dpkg/status.d/other': { content: 'Package: other\nArchitecture: all\nVersion: 1\n' },
    },
    reason: 'two_databases',
    detail: /status\.d/,
  },
  {
    name: 'changes that dpkg has not merged',
    files: { ...settled, 'var/lib/dpkg/updates/0001': { content: record('install ok installed') } },
    reason: 'unclean_database',
    detail: /updates/,
  },
  {
    name: 'a package that must be reinstalled',
    files: { [status]: { content: record('install reinstreq installed') } },
    reason: 'unclean_database',
    detail: /toy must be reinstalled/,
  },
  ...['half-installed', 'unpacked', 'half-configured'].map((state) => ({
    name: `a package that is ${state}`,
    files: { [status]: { content: record(`install ok ${state}`) } },
    reason: 'unclean_database',
    detail: new RegExp(`toy is ${state}`),
  })),
  {
    name: 'triggers that wait',
    files: { [status]: { content: record('install ok installed', 'Triggers-Pending: ldconfig\n') } },
    reason: 'unclean_database',
    detail: /triggers of toy are pending/,
  },
  {
    name: 'triggers that nobody took up',
    files: { ...settled, 'var/lib/dpkg/triggers/Unincorp': { content: 'ldconfig toy\n' } },
    reason: 'unclean_database',
    detail: /triggers are pending/,
  },
  {
    name: 'an override for an unknown user',
    files: { ...settled, 'var/lib/dpkg/statoverride': { content: 'nobody-knows root 0755 /usr/bin/toy\n' } },
    reason: 'unclean_database',
    detail: /statoverride/,
  },
  {
    name: 'a database of a later format',
    files: { ...settled, 'var/lib/dpkg/info/format': { content: '2\n' } },
    reason: 'unclean_database',
    detail: /format is 2/,
  },
];

for (const { name, files, reason, detail } of refused) {
  test(`refused: ${name}`, async () => {
    const inspection = inspectDpkg(await openToyImage(tar(files)));
    assert.ok(!inspection.supported);
    assert.equal(inspection.reason, reason);
    assert.match(inspection.detail, detail);
  });
}

test('settled databases can be written, with and without a status file', async () => {
  const usual = inspectDpkg(await openToyImage(tar(settled)));
  assert.ok(usual.supported);
  assert.equal(usual.layout, 'dpkg');
  const files = { 'var/lib/dpkg/status.d/toy': { content: 'Package: toy\nArchitecture: all\nVersion: 1\n' } };
  const distroless = inspectDpkg(await openToyImage(tar(files)));
  assert.ok(distroless.supported);
  assert.equal(distroless.layout, 'distroless');
});
