import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ScanReport } from '../../src/findings/index.ts';
import { root } from '../arch/source-tree.ts';
import { debianLayout } from '../support/cli-world.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { debianMirror } from '../support/debian-mirror.ts';
import { drydock, environmentOf } from '../support/drydock.ts';
import { mustRun, run } from '../support/run.ts';
import { needs } from '../support/system.ts';

const osv = join(process.env.DRYDOCK_SHARED ?? join(root, '../shared'), 'osv');

/** Runs the command line in a network namespace of its own, where not even a loopback interface is up. */
function withoutNetwork(dataDirectory: string, ...args: string[]) {
  return run('unshare', ['--net', join(root, 'bin/drydock'), ...args], { env: environmentOf(dataDirectory) });
}

function ready(t: TestContext): boolean {
  if (!needs(t, 'unshare', 'mmdebstrap', 'openssl')) return false;
  if (process.getuid?.() !== 0) t.skip('needs root for a network namespace');
  else if (debianMirror() === undefined) t.skip('needs a Debian mirror to build an image: set DRYDOCK_DEBIAN_MIRROR');
  else return true;
  return false;
}

test('advisories cross an air gap in a signed bundle, and a scan behind it needs no network', async (t) => {
  if (!ready(t)) return;
  if (!existsSync(join(osv, 'Debian'))) return t.skip('needs an OSV folder: set DRYDOCK_SHARED');
  await using scratch = await temporaryDirectory();
  const at = (name: string): string => join(scratch.path, name);
  const image = `oci:${await debianLayout(scratch.path)}:v1`;
  await mustRun('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', at('key.pem')]);
  await mustRun('openssl', ['pkey', '-in', at('key.pem'), '-pubout', '-out', at('public.pem')]);

  const outside = (...args: string[]) => drydock(args, { dataDirectory: at('outside') });
  for (const args of [
    ['db', 'update', '--from', osv, '--only', 'Debian', '-q'],
    ['db', 'export', at('bundle'), '--sign-key', at('key.pem')],
  ]) {
    const { code, stderr } = await outside(...args);
    assert.equal(code, 0, `${args[1]}: ${stderr}`);
  }
  const imported = await withoutNetwork(at('inside'), 'db', 'import', at('bundle'), '--verify-key', at('public.pem'));
  assert.equal(imported.code, 0, imported.stderr);
  const inside = await withoutNetwork(at('inside'), 'scan', image, '--json');
  assert.equal(inside.code, 0, inside.stderr);
  const there = JSON.parse(inside.stdout) as ScanReport;
  const here = JSON.parse((await outside('scan', image, '--json')).stdout) as ScanReport;
  assert.ok(there.counts.cve.total > 50);
  assert.equal(there.advisories.snapshot, here.advisories.snapshot);
  assert.deepEqual(there.findings, here.findings);
});

test('without network and without a bundle, the bundled facts still find what is published for Debian', async (t) => {
  if (!ready(t)) return;
  await using scratch = await temporaryDirectory();
  const layout = await debianLayout(scratch.path);
  const data = join(scratch.path, 'data');
  const { code, stdout, stderr } = await withoutNetwork(data, 'scan', `oci:${layout}:v1`, '--json');
  assert.equal(code, 0, stderr);
  assert.ok((JSON.parse(stdout) as ScanReport).counts.cve.total > 50);

  const fix = await withoutNetwork(data, 'fix', `oci:${layout}:v1`, '--all-fixable', '--tag', 'fixed', '-q', '--json');
  assert.equal(fix.code, 1, fix.stderr);
  assert.match(fix.stderr, /^error: .+/m);
  assert.doesNotMatch(fix.stderr, /\n {4}at /, 'no stack trace');
  assert.deepEqual(await readdir(join(data, 'blobs/incoming')).catch(() => []), []);
});
