import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OsRelease } from '../contract.ts';
import type { RpmRecord } from './database/record.ts';
import { isPublicKey, judgeRecord, sourceEpochs } from './package.ts';

const os: OsRelease = { id: 'almalinux', versionId: '8.9', codename: null, prettyName: null, path: 'etc/os-release' };

const record = (more: Partial<RpmRecord> = {}): RpmRecord => ({
  ...{ name: 'bash', version: '5.1.8', release: '9.el9', epoch: '', arch: 'x86_64', vendor: 'AlmaLinux', files: [] },
  sourceRpm: 'bash-5.1.8-9.el9.src.rpm',
  module: '',
  ...more,
});

function identity(more: Partial<RpmRecord>, all: Partial<RpmRecord>[] = []) {
  const one = record(more);
  const judged = judgeRecord(one, sourceEpochs([one, ...all.map(record)])(one), os);
  assert.ok(judged.kind === 'package', JSON.stringify(judged));
  return { ...judged.identity, problem: judged.problem };
}

function sourceVersion(more: Partial<RpmRecord>, all: Partial<RpmRecord>[] = []): string | undefined {
  return identity(more, all).source?.version;
}

test('identity: name, version with epoch, source, package URL', () => {
  const module = 'nodejs:20:8090020240101:abcdef';
  const pkg = identity({
    ...{ name: 'npm', version: '10.2.3', release: '1.20.11.0.1.module_el8.9.0+3742+8ee3a0c5', epoch: '1', module },
    sourceRpm: 'nodejs-20.11.0-1.module_el8.9.0+3742+8ee3a0c5.src.rpm',
  });
  assert.equal(pkg.version, '1:10.2.3-1.20.11.0.1.module_el8.9.0+3742+8ee3a0c5');
  assert.deepEqual(pkg.source, { name: 'nodejs', version: '1:20.11.0-1.module_el8.9.0+3742+8ee3a0c5' });
  assert.equal(
    pkg.purl,
    'pkg:rpm/almalinux/npm@10.2.3-1.20.11.0.1.module_el8.9.0+3742+8ee3a0c5?arch=x86_64&distro=almalinux-8.9&epoch=1' +
      '&rpmmod=nodejs%3A20&upstream=nodejs-20.11.0-1.module_el8.9.0%2B3742%2B8ee3a0c5.src.rpm',
  );
});

test('identity: epoch 0, absent architecture, source and release', () => {
  const pkg = identity({ epoch: '0', arch: '', sourceRpm: '', release: '' });
  assert.deepEqual([pkg.version, pkg.arch, pkg.source], ['5.1.8', null, null]);
  assert.equal(pkg.purl, 'pkg:rpm/almalinux/bash@5.1.8?distro=almalinux-8.9');
});

test('source: its epoch is that of the package with its name, else of those with its version, else the own one', () => {
  const httpd = { sourceRpm: 'httpd-2.4.37-65.el8.src.rpm', version: '2.4.37', release: '65.el8' };
  const modSsl = { ...httpd, name: 'mod_ssl', epoch: '1' };
  assert.equal(sourceVersion(modSsl, [{ ...httpd, name: 'httpd' }]), '2.4.37-65.el8');
  assert.equal(sourceVersion(modSsl, [{ ...httpd, name: 'httpd-tools' }]), '2.4.37-65.el8');
  assert.equal(sourceVersion(modSsl), '1:2.4.37-65.el8');
  const errno = { name: 'perl-Errno', version: '1.28', release: '416.el8', sourceRpm: 'perl-5.26.3-416.el8.src.rpm' };
  const libs = { ...errno, name: 'perl-libs', version: '5.26.3', epoch: '4' };
  assert.equal(sourceVersion(errno, [libs]), '4:5.26.3-416.el8');
  assert.equal(sourceVersion(errno), '5.26.3-416.el8');
});

test('vendor: builds of others carry it in the package URL, those of the distribution do not', () => {
  assert.ok(!identity({ vendor: '' }).purl.includes('vendor'));
  assert.ok(identity({ vendor: 'Fedora Project\u0007' }).purl.endsWith('&vendor=Fedora%20Project%3F'));
});

test('records that are no packages', () => {
  const problems: [Partial<RpmRecord>, RegExp][] = [
    [{ name: '-oProxy' }, /name/],
    [{ name: 'a;reboot' }, /name/],
    [{ name: 'a'.repeat(300) }, /name/],
    [{ version: '' }, /version/],
    [{ arch: 'x86 64' }, /architecture/],
    [{ sourceRpm: '$(id)-1-1.src.rpm' }, /source/],
    [{ oversized: true }, /field/],
  ];
  for (const [more, problem] of problems) {
    const judged = judgeRecord(record(more), '', os);
    assert.equal(judged.kind, 'invalid', JSON.stringify(more));
    assert.match(judged.problem ?? '', problem);
  }
  assert.ok(isPublicKey(record({ name: 'gpg-pubkey', version: 'ced7258b', release: '6525146f' })));
});

test('odd versions stay in the inventory, with the problem told', () => {
  assert.match(identity({ version: '1 2' }).problem ?? '', /cannot be compared/);
  assert.equal(identity({ release: '1%{dist}' }).problem, undefined);
});
