import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayerFiles } from '../../test/support/detection.ts';
import { detect } from '../../test/support/detection.ts';
import type { DetectionInput } from './contract.ts';
import { type PackageChecksums, packageChecksums, readPackageChecksums } from './package-checksums.ts';

/** MD5 of `one`, by md5sum(1). */
const one = 'f97c5d29941bfb1b2fdab0874906ab82';
const other = '0'.repeat(32);

async function read(layers: readonly LayerFiles[]): Promise<PackageChecksums> {
  let found: PackageChecksums | undefined;
  const detector = {
    id: 'malware' as const,
    analyses: [packageChecksums],
    detect: async (input: DetectionInput) => {
      found = readPackageChecksums(input.layers, input.view);
      return { diagnostics: [] };
    },
  };
  await detect([detector], layers);
  assert.ok(found);
  return found;
}

test('checksums of the final file system, whatever spelling of merged directories', async () => {
  const sums = await read([
    {
      'var/lib/dpkg/info/login.md5sums': `${one}  bin/login\n${one}  usr/share/x y\nbroken line\n`,
      'var/lib/dpkg/info/gone.md5sums': `${other}  usr/bin/gone\n`,
      'var/lib/dpkg/info/libc6:amd64.md5sums': `${other}  lib/libc.so.6\n`,
      'usr/share/doc/x.md5sums': `${other}  usr/bin/not\n`,
    },
    { 'var/lib/dpkg/info/.wh.gone.md5sums': '', 'var/lib/dpkg/info/libc6:amd64.md5sums': `${one}  lib/libc.so.6\n` },
    { 'var/lib/dpkg/status.d/base.md5sums': `${one}  usr/bin/base` },
  ]);
  assert.deepEqual(sums.of('usr/bin/login'), { package: 'login', md5: one });
  assert.deepEqual(sums.of('bin/login'), { package: 'login', md5: one });
  assert.deepEqual(sums.of('usr/share/x y'), { package: 'login', md5: one });
  assert.deepEqual(sums.of('usr/lib/libc.so.6'), { package: 'libc6:amd64', md5: one });
  assert.deepEqual(sums.of('usr/bin/base'), { package: 'base', md5: one });
  assert.equal(sums.of('usr/bin/gone'), undefined);
  assert.equal(sums.of('usr/bin/not'), undefined);
  assert.equal(sums.leftOut, 0);
});

test('diversions, both ends', async () => {
  const sums = await read([
    { 'var/lib/dpkg/diversions': '/bin/sh\n/bin/sh.distrib\ndash\n/usr/bin/a\n/usr/bin/b\n:\n' },
  ]);
  for (const path of ['usr/bin/sh', 'bin/sh.distrib', 'usr/bin/a', 'usr/bin/b']) assert.ok(sums.diverted(path), path);
  assert.ok(!sums.diverted('dash'));
});

test('lists over the limit are counted', async () => {
  const sums = await read([{ 'var/lib/dpkg/info/x.md5sums': Buffer.alloc(4 * 1024 * 1024 + 1) }]);
  assert.equal(sums.leftOut, 1);
});
