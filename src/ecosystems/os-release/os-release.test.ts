import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import type { OsRelease } from '../contract.ts';
import { debianRelease, supportOf } from './end-of-life.ts';
import { releaseVisitor } from './files.ts';
import { parseAssignments } from './parse.ts';
import { resolveOs } from './resolve.ts';
import { lastDays } from './support-dates.ts';

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
  const ended = (on: string) => ({ state: 'ended', on });
  const supported = { state: 'supported' };
  const unknown = { state: 'unknown' };
  const states: [OsRelease, object][] = [
    [release('debian', '10'), ended('2024-06-30')],
    [release('debian', '12.5'), supported],
    [release('debian', null, 'forky'), supported],
    [release('debian', null), supported],
    [release('debian', '4'), unknown],
    [release('debian', '99'), unknown],
    [release('ubuntu', '20.04'), ended('2025-05-29')],
    [release('ubuntu', '24.04'), supported],
    [release('alpine', '3.18.4'), ended('2025-05-09')],
    [release('alpine', '3.23.0'), supported],
    [release('alpine', 'edge'), supported],
    [release('alpine', '4.0.0'), unknown],
    [release('rhel', '7.9'), ended('2024-06-30')],
    [release('rhel', '10.0'), supported],
    [release('centos', '8'), ended('2021-12-31')],
    [{ ...release('centos', '8'), prettyName: 'CentOS Stream 8' }, ended('2024-05-31')],
    [{ ...release('centos', '9'), prettyName: 'CentOS Stream 9' }, supported],
    [release('almalinux', '9.4'), supported],
    [release('rocky', '8.10'), supported],
    [release('ol', '7.9'), ended('2024-12-31')],
    [release('amzn', '2018.03'), ended('2023-12-31')],
    [release('amzn', '2'), ended('2026-06-30')],
    [release('amzn', '2023'), supported],
    [release('sles', '12.5'), ended('2024-10-31')],
    [release('sles', '15'), ended('2019-12-31')],
    [release('sles_sap', '15.7'), supported],
    [release('opensuse-leap', '15.5'), ended('2024-12-31')],
    [release('opensuse', '42.3'), ended('2019-07-01')],
    [release('mariner', '2.0'), ended('2025-07-31')],
    [release('azurelinux', '3.0'), supported],
    [release('photon', '3.0'), ended('2025-10-02')],
    [release('photon', '5.0'), supported],
    [release('fedora', '42'), ended('2026-05-13')],
    [release('fedora', '43'), supported],
    [release('openeuler', '22.03-LTS-SP3'), ended('2025-12-31')],
    [release('openeuler', '24.03-LTS-SP3'), supported],
    [release('openeuler', '24.03'), unknown],
    [release('constructor', '1'), unknown],
    [release('raspbian', '12'), unknown],
    // Rolling distributions write dates, or nothing.
    [release('wolfi', '20230201'), supported],
    [release('chainguard', null), supported],
    [release('opensuse-tumbleweed', '20261101'), supported],
    [release('arch', null), supported],
  ];
  for (const [os, expected] of states) assert.deepEqual(supportOf(os, now), expected, `${os.id} ${os.versionId}`);
});

test('every release of the table is supported through its last day and ended on the next', () => {
  let rows = 0;
  for (const [id, table] of Object.entries(lastDays)) {
    for (const [version, last] of Object.entries(table)) {
      const stream = id === 'centos-stream';
      const os = { ...release(stream ? 'centos' : id, id === 'amzn' && version === '1' ? '2017.09' : version) };
      const at = (day: Date) => supportOf(stream ? { ...os, prettyName: 'CentOS Stream' } : os, day);
      const day = new Date(`${last ?? '2026-01-01'}T23:59:59Z`);
      assert.deepEqual(at(day), { state: 'supported' }, `${id} ${version}`);
      const next = new Date(day.getTime() + 1000);
      assert.deepEqual(at(next), last === null ? { state: 'supported' } : { state: 'ended', on: last });
      rows++;
    }
  }
  assert.ok(rows > 140, `${rows} releases`);
});

test('Alpine edge: by its version, or by where packages come from', async () => {
  const alpine = (version: string, repositories?: string) =>
    osOf({
      'etc/os-release': `ID=alpine\nVERSION_ID=${version}\n`,
      ...(repositories !== undefined && { 'etc/apk/repositories': repositories }),
    });
  const mirror = 'https://mirror.example/alpine';
  const table: [string, string | undefined, string][] = [
    ['3.23_alpha20250612', undefined, 'edge'],
    ['3.20.3', `${mirror}/edge/main\n${mirror}/edge/community\n`, 'edge'],
    ['3.20.3', `${mirror}/v3.20/main\n${mirror}/v3.20/community\n`, '3.20.3'],
    ['3.20.3', `${mirror}/v3.20/main\n@edge ${mirror}/edge/testing\n`, '3.20.3'],
    ['3.20.3', `${mirror}/v3.20/main\n${mirror}/edge/testing\n`, '3.20.3'],
    ['3.20.3', `# ${mirror}/edge/main\n`, '3.20.3'],
    ['3.20.3', '', '3.20.3'],
  ];
  for (const [version, repositories, expected] of table) {
    assert.equal((await alpine(version, repositories))?.versionId, expected, `${version} ${repositories}`);
  }
});

test('openEuler names its service pack in the pretty name only', async () => {
  const of = async (pretty: string) =>
    (await osOf({ 'etc/os-release': `ID="openEuler"\nVERSION_ID="22.03"\nPRETTY_NAME="${pretty}"\n` }))?.versionId;
  assert.equal(await of('openEuler 22.03 (LTS-SP3)'), '22.03-LTS-SP3');
  assert.equal(await of('openEuler 22.03 (LTS)'), '22.03-LTS');
  assert.equal(await of('openEuler 22.03'), '22.03');
});

test('Debian releases by number or name', () => {
  assert.equal(debianRelease(release('debian', '12.5')), '12');
  assert.equal(debianRelease(release('debian', null, 'trixie')), '13');
  assert.equal(debianRelease(release('debian', null, 'sid')), 'sid');
  assert.equal(debianRelease(release('debian', null, '__proto__')), 'sid');
});
