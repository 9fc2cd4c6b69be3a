import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ScanReport } from '../../src/findings/index.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { drydock } from '../support/drydock.ts';
import { mustRun, run } from '../support/run.ts';
import { needs } from '../support/system.ts';

/** Debian packages whose programs say their version, and the name under which that is listed. */
const packages: readonly (readonly [name: string, deb: string])[] = [
  ['bash', 'bash'],
  ['busybox', 'busybox'],
  ['curl', 'libcurl4'],
  ['nginx', 'nginx'],
  ['openssl', 'libssl3'],
  ['perl', 'perl-base'],
  ['python', 'python3.11-minimal'],
  ['redis', 'redis-tools'],
];

/** `7.88.1` of `7.88.1-10+deb12u15`, `1.35.0` of `1:1.35.0-4+b3`. */
function upstream(version: string): string {
  const [, rest = version] = version.includes(':') ? version.split(':', 2) : [];
  return rest.split(/[-+~]/, 1)[0] ?? '';
}

test('versions of runtimes and servers whose packages were unpacked without the database', async (t) => {
  const sys = needs(t, 'apt-get', 'dpkg-deb');
  if (!sys) return;
  await using scratch = await temporaryDirectory();
  const [rootfs, debs] = [join(scratch.path, 'rootfs'), join(scratch.path, 'debs')];
  await mkdir(debs, { recursive: true });
  await Promise.all(packages.map(([, deb]) => run(sys['apt-get'], ['download', '-q', deb], { cwd: debs })));
  const wanted = new Map<string, string>();
  for (const file of await readdir(debs)) {
    const { stdout } = await mustRun(sys['dpkg-deb'], ['-f', join(debs, file), 'Package', 'Version']);
    const [, deb = '', version = ''] = /^Package: (.+)\nVersion: (.+)$/m.exec(stdout) ?? [];
    const name = packages.find((known) => known[1] === deb)?.[0];
    if (name === undefined) continue;
    await mustRun(sys['dpkg-deb'], ['-x', join(debs, file), rootfs]);
    wanted.set(name, upstream(version));
  }
  if (wanted.size < 5) return t.skip('needs the packages of Debian 12: set up apt');
  // Debian ships the server of Redis as a link to one of the tools.
  if (wanted.has('redis'))
    await mustRun('cp', [join(rootfs, 'usr/bin/redis-check-rdb'), join(rootfs, 'usr/bin/redis-server')]);

  await mkdir(join(rootfs, 'usr/local/bin'), { recursive: true });
  await mustRun('cp', [process.execPath, join(rootfs, 'usr/local/bin/node')]);
  wanted.set('node', process.versions.node);

  const scanned = await drydock(['scan', `dir:${rootfs}`, '--json', '-q'], {
    dataDirectory: join(scratch.path, 'data'),
  });
  const report = JSON.parse(scanned.stdout) as ScanReport;
  const found = report.packages.filter(({ type }) => type === 'generic');
  assert.deepEqual(
    found.map(({ name, version, confidence }) => [name, version, confidence]).sort(),
    [...wanted].map(([name, version]) => [name, version, 'medium']).sort(),
  );
  t.diagnostic(`${wanted.size} programs: ${[...wanted].map((pair) => pair.join(' ')).join(', ')}`);
});
