import assert from 'node:assert/strict';
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { debianRootfs, temporaryDirectory } from '../support/debian-image.ts';
import { debianMirror } from '../support/debian-mirror.ts';
import { detectImage, detectorOptions } from '../support/detection.ts';
import { buildRpms, installRpms } from '../support/rpm-world.ts';
import { mustRun, run } from '../support/run.ts';
import { needs } from '../support/system.ts';
import { tarImage } from '../support/tar-image.ts';

/** Paths of `dpkg --verify` whose content differs and that are no configuration: `??5?????? c /path`. */
function verified(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => line.charAt(2) === '5' && line.charAt(10) !== 'c')
    .map((line) => line.slice(line.indexOf('/') + 1).replace(/^(bin|sbin|lib)\//, 'usr/$1/'))
    .sort();
}

test('changed programs of rpm are those that rpm itself finds', async (t) => {
  const sys = needs(t, 'rpm', 'rpmbuild', 'tar');
  if (!sys) return;
  if (process.getuid?.() !== 0) return t.skip('needs root, for the owners of files');
  await using scratch = await temporaryDirectory();
  const root = join(scratch.path, 'root');
  const files = ['/usr/bin/one', '/usr/bin/two', '/usr/libexec/three', '/usr/share/four'];
  const source = { name: 'app', version: '1.0', release: '1', vendor: '', packages: [{ name: 'app', files }] };
  await installRpms(root, '/var/lib/rpm', await buildRpms(join(scratch.path, 'build'), [source]));
  for (const path of ['usr/bin/two', 'usr/libexec/three']) await appendFile(join(root, path), 'changed\n');
  const tar = join(scratch.path, 'changed.tar');
  await mustRun(sys.tar, ['--create', '--file', tar, '--directory', root, '--numeric-owner', '.']);

  const { stdout } = await run(sys.rpm, ['--root', root, '--dbpath', '/var/lib/rpm', '--verify', '--all', '--nodeps']);
  const expected = [...stdout.matchAll(/^..5\S* +\/(\S+)$/gm)].map(([, path]) => path);
  assert.equal(expected.length, 2, stdout);
  const { baseline } = await detectImage(detectorOptions(['baseline']), await tarImage([tar]), new Date('2026-06-01'));
  const failed = baseline?.failed.find(({ check }) => check === 'FS-007');
  assert.deepEqual((failed?.evidence ?? []).map(({ path }) => path).sort(), expected.sort());
});

test('changed files of packages are those that dpkg itself finds in a real system', async (t) => {
  const sys = needs(t, 'mmdebstrap', 'dpkg', 'tar');
  if (!sys) return;
  const mirror = debianMirror();
  if (mirror === undefined) return t.skip('needs a Debian mirror: set DRYDOCK_DEBIAN_MIRROR');
  if (process.getuid?.() !== 0) return t.skip('needs root, for the owners of files');
  await using scratch = await temporaryDirectory();
  const root = join(scratch.path, 'root');
  await mkdir(root);
  await mustRun(sys.tar, ['--extract', '--file', await debianRootfs(mirror, 'bookworm'), '--directory', root]);

  // A program, a library, a script, and something that is no program.
  for (const path of [
    'usr/bin/tar',
    'usr/lib/x86_64-linux-gnu/security/pam_unix.so',
    'usr/sbin/adduser',
    'usr/share/perl5/Debconf/Config.pm',
  ]) {
    await appendFile(join(root, path), '\n# changed\n');
  }
  await appendFile(join(root, 'etc/pam.d/common-auth'), '\n');
  await appendFile(join(root, 'etc/debian_version'), '\n');
  await rm(join(root, 'usr/share/doc/tar/copyright'));
  // What a wrapper does: it moves a file of another package aside and puts its own there.
  await rename(join(root, 'usr/bin/ls'), join(root, 'usr/bin/ls.real'));
  await writeFile(join(root, 'usr/bin/ls'), '#!/bin/sh\nexec ls.real "$@"\n', { mode: 0o755 });
  await writeFile(join(root, 'var/lib/dpkg/diversions'), '/bin/ls\n/bin/ls.real\n:\n', { flag: 'a' });

  const tar = join(scratch.path, 'changed.tar');
  await mustRun(sys.tar, ['--create', '--file', tar, '--directory', root, '--exclude=./dev/*', '--numeric-owner', '.']);
  const { stdout } = await run(sys.dpkg, ['--root', root, '--verify']);
  const expected = verified(stdout);
  assert.deepEqual(expected.length, 4, stdout);

  const options = detectorOptions(['baseline', 'malware']);
  const { baseline } = await detectImage(options, await tarImage([tar]), new Date('2026-06-01'));
  const failed = baseline?.failed.find(({ check }) => check === 'FS-007');
  assert.deepEqual((failed?.evidence ?? []).map(({ path }) => path).sort(), expected);
});
