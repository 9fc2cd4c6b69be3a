import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstalledPackage, OsRelease } from '../contract.ts';
import { advisoryKeys } from './advisory-keys.ts';

const release = (id: string, versionId: string | null, codename: string | null = null): OsRelease => {
  return { id, versionId, codename, prettyName: null, path: 'etc/os-release' };
};

const pkg = (more: Partial<InstalledPackage> = {}): InstalledPackage => ({
  ...{ type: 'rpm', name: 'perl-Errno', version: '1.28-416.el8', arch: 'x86_64', locations: [], ownedBy: null },
  source: { name: 'perl', version: '4:5.26.3-416.el8' },
  purl: 'pkg:rpm/x/perl-Errno@1.28-416.el8?arch=x86_64',
  held: false,
  ...more,
});

const ecosystemsOf = (os: OsRelease): string[] => advisoryKeys(pkg(), os).map(({ ecosystem }) => ecosystem);

test('keys: release ecosystems', () => {
  const table: [OsRelease, string[]][] = [
    [release('almalinux', '8.10'), ['AlmaLinux:8']],
    [release('rocky', '9.4'), ['Rocky Linux:9']],
    [release('opensuse-leap', '15.6'), ['openSUSE:Leap 15.6']],
    [release('opensuse-tumbleweed', '20260101'), ['openSUSE:Tumbleweed']],
    [release('openeuler', '22.03-LTS-SP3'), ['openEuler:22.03-LTS-SP3']],
    [release('openeuler', '23.09'), ['openEuler:23.09']],
    [release('photon', '5.0'), ['Photon OS:5.0']],
    [release('mageia', '9'), ['Mageia:9']],
    [release('sle-micro', '5.5'), ['SUSE:Linux Enterprise Micro 5.5']],
    [release('sles', '12.5'), ['SUSE:Linux Enterprise Server 12 SP5']],
    [
      release('rhel', '9.4'),
      ['::baseos', '::appstream', '::crb'].map((stream) => `Red Hat:enterprise_linux:9${stream}`),
    ],
  ];
  for (const [os, expected] of table) assert.deepEqual(ecosystemsOf(os), expected, os.id);
  const sles = ecosystemsOf(release('sles', '15.5'));
  assert.equal(sles[0], 'SUSE:Linux Enterprise Server 15 SP5');
  assert.ok(sles.includes('SUSE:Linux Enterprise Module for Basesystem 15 SP5'));
});

test('keys: distributions without data in this form, and unknown ones, have none', () => {
  for (const id of ['amzn', 'ol', 'fedora', 'centos', 'azurelinux', 'mariner', 'constructor', 'toString']) {
    assert.deepEqual(ecosystemsOf(release(id, '9')), [], id);
  }
  assert.deepEqual(advisoryKeys(pkg(), undefined), []);
  assert.deepEqual(ecosystemsOf(release('almalinux', null)), []);
  assert.deepEqual(ecosystemsOf(release('almalinux', '8beta')), []);
});

test('complaint 5: a name is always compared with the version that belongs to it', () => {
  const [binary, ...noMore] = advisoryKeys(pkg(), release('almalinux', '8.10'));
  assert.deepEqual(
    [binary, noMore],
    [{ ecosystem: 'AlmaLinux:8', on: 'binary', name: 'perl-Errno', version: '1.28-416.el8', stream: null }, []],
  );
  const [source] = advisoryKeys(pkg(), release('rocky', '8.10'));
  assert.deepEqual(source, {
    ...{ ecosystem: 'Rocky Linux:8', on: 'source', name: 'perl', version: '4:5.26.3-416.el8' },
    stream: null,
  });
  const [own] = advisoryKeys(pkg({ source: null }), release('rocky', '8.10'));
  assert.deepEqual([own?.name, own?.version], ['perl-Errno', '1.28-416.el8']);
});

test('keys: the stream of a module is told by the package URL alone', () => {
  const os = release('almalinux', '8.10');
  const streamOf = (purl: string, version: string): unknown =>
    advisoryKeys({ ...pkg(), purl, version }, os)[0]?.stream ?? 'absent or null';
  const version = '1:20.11.0-1.module_el8.9.0+3742+8ee3a0c5';
  const purl = 'pkg:rpm/almalinux/nodejs@20.11.0-1.module_el8.9.0%2B3742?arch=x86_64';
  assert.equal(streamOf(`${purl}&rpmmod=nodejs%3A20`, version), 'nodejs:20');
  assert.equal(streamOf(`${purl}&rpmmod=go-toolset%3Arhel8%2B1`, version), 'go-toolset:rhel8+1');
  assert.equal(streamOf(`${purl}&modularitylabel=nodejs%3A20%3A8090%3Aabc`, version), 'nodejs:20');
  const [unlabelled] = advisoryKeys({ ...pkg(), purl, version }, os);
  assert.equal(unlabelled !== undefined && 'stream' in unlabelled, false);
});

test('keys: packages of another vendor are not matched with the advisories of the distribution', () => {
  const foreign = pkg({ purl: 'pkg:rpm/almalinux/nginx@1.26.0-1.el9.ngx?arch=x86_64&vendor=NGINX%20Packaging' });
  assert.deepEqual(advisoryKeys(foreign, release('almalinux', '9.4')), []);
});
