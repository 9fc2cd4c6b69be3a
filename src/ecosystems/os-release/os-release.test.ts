import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import type { OsRelease } from '../contract.ts';
import { debianRelease, supportOf } from './end-of-life.ts';
import { releaseVisitor } from './files.ts';
import { parseAssignments } from './parse.ts';
import { resolveOs } from './resolve.ts';

async function osOf(...images: LayerFiles[]): Promise<OsRelease | undefined> {
  const { layers, view } = await factLayers(releaseVisitor, images);
  return resolveOs(
    layers.map(({ facts }) => facts),
    view,
  );
}

test('shell quoting without evaluation', () => {
  const values = parseAssignments(
    [
      '# comment',
      'PLAIN=debian trailing',
      'SINGLE=\'a "b" $(id) \\n\'',
      'DOUBLE="a \\"b\\" \\$HOME \\n"',
      'MIXED=a"b c"\'d\'\\ e',
      'OPEN="never closed',
      'bad key=1',
      'PLAIN=later',
      '=none',
    ].join('\n'),
  );
  assert.deepEqual(Object.fromEntries(values), {
    PLAIN: 'later',
    SINGLE: 'a "b" $(id) \\n',
    DOUBLE: 'a "b" $HOME \\n',
    MIXED: 'ab cd e',
    OPEN: 'never closed',
  });
});

const bookworm =
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n';

test('os-release behind its usual link, across layers', async () => {
  const expected = {
    id: 'debian',
    versionId: '12',
    codename: 'bookworm',
    prettyName: 'Debian GNU/Linux 12 (bookworm)',
    path: 'etc/os-release',
  };
  assert.deepEqual(
    await osOf({ 'usr/lib/os-release': bookworm }, { 'etc/os-release': { link: '../usr/lib/os-release' } }),
    expected,
  );
  assert.deepEqual(await osOf({ 'usr/lib/os-release': bookworm }), { ...expected, path: 'usr/lib/os-release' });
  assert.equal((await osOf({ 'etc/os-release': 'ID=x' }, { 'etc/os-release': bookworm }))?.id, 'debian');
  assert.equal(await osOf({ 'usr/lib/os-release': bookworm }, { 'usr/lib/os-release': null }), undefined);
  assert.equal(await osOf({ 'etc/hostname': 'x' }), undefined);
});

test('releases without number go by their codename', async () => {
  const testing = await osOf({
    'etc/os-release': 'ID=debian\nVERSION_CODENAME=forky',
    'etc/debian_version': 'forky/sid',
  });
  assert.deepEqual([testing?.versionId, testing?.codename], [null, 'forky']);
  const bare = await osOf({ 'etc/debian_version': 'trixie/sid\n' });
  assert.deepEqual([bare?.id, bare?.versionId, bare?.codename], ['debian', null, 'trixie']);
  assert.equal((await osOf({ 'etc/debian_version': '10.13\n' }))?.versionId, '10');
});

test('service packs of openEuler are told by the pretty name', async () => {
  const codenames: string[] = [];
  for (const name of [
    'openEuler 22.03 (LTS-SP3)',
    'openEuler 22.03 LTS',
    'openEuler 23.09',
    'openEuler (LTS-SP3333)',
  ]) {
    const os = await osOf({ 'etc/os-release': `ID="openEuler"\nVERSION_ID="22.03"\nPRETTY_NAME="${name}"\n` });
    codenames.push(`${os?.id} ${os?.codename}`);
  }
  assert.deepEqual(codenames, ['openeuler lts-sp3', 'openeuler lts', 'openeuler null', 'openeuler null']);
});

test('single-purpose files', async () => {
  const table: [string, string, string, string | null][] = [
    ['etc/alpine-release', '3.20.3\n', 'alpine', '3.20.3'],
    ['etc/redhat-release', 'CentOS Linux release 7.9.2009 (Core)\n', 'centos', '7.9.2009'],
    ['etc/redhat-release', 'Red Hat Enterprise Linux release 9.4 (Plow)', 'rhel', '9.4'],
    ['etc/lsb-release', 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\nDISTRIB_CODENAME=jammy', 'ubuntu', '22.04'],
  ];
  for (const [path, text, id, versionId] of table) {
    const os = await osOf({ [path]: text });
    assert.deepEqual([os?.id, os?.versionId, os?.path], [id, versionId, path], text);
  }
});

test('identifiers that could not be part of a package URL are refused', async () => {
  assert.equal(await osOf({ 'etc/os-release': 'ID="../../x"' }), undefined);
  assert.equal((await osOf({ 'etc/os-release': 'ID=debian\nVERSION_ID="12 && id"' }))?.versionId, null);
});

const release = (id: string, versionId: string | null, codename: string | null = null): OsRelease => ({
  ...{ id, versionId, codename, prettyName: null, path: 'etc/os-release' },
});

test('end of life', () => {
  const now = new Date('2026-11-20T00:00:00Z');
  const states = [
    [release('debian', '10'), { state: 'ended', on: '2024-06-30' }],
    [release('debian', '11'), { state: 'ended', on: '2026-08-31' }],
    [release('debian', '12'), { state: 'supported' }],
    [release('debian', null, 'forky'), { state: 'supported' }],
    [release('debian', null), { state: 'supported' }],
    [release('debian', '4'), { state: 'unknown' }],
    [release('ubuntu', '20.04'), { state: 'ended', on: '2025-05-29' }],
    [release('ubuntu', '24.04'), { state: 'supported' }],
    [release('alpine', '3.18.4'), { state: 'ended', on: '2025-05-09' }],
    [release('constructor', '1'), { state: 'unknown' }],
    [release('wolfi', null), { state: 'supported' }],
  ] as const;
  for (const [os, expected] of states) assert.deepEqual(supportOf(os, now), expected, `${os.id} ${os.versionId}`);
  assert.deepEqual(supportOf(release('debian', '11'), new Date('2026-08-31T23:00:00Z')), { state: 'supported' });
});

test('Debian releases by number or name', () => {
  assert.equal(debianRelease(release('debian', '12.5')), '12');
  assert.equal(debianRelease(release('debian', null, 'trixie')), '13');
  assert.equal(debianRelease(release('debian', null, 'sid')), 'sid');
  assert.equal(debianRelease(release('debian', null, '__proto__')), 'sid');
});
