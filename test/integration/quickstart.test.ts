import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FixReport, ScanReport } from '../../src/findings/index.ts';
import { vulnerabilitiesIn } from '../../src/findings/index.ts';
import { debianMirror } from '../support/debian-mirror.ts';
import { validator } from '../support/json-schemas.ts';
import { run } from '../support/run.ts';
import { needs } from '../support/system.ts';

const drydock = fileURLToPath(new URL('../../bin/drydock', import.meta.url));

async function json<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}

test('quickstart leaves a proven fix that dpkg itself finds sound, and a second run finds it done', async (t) => {
  const system = needs(t, 'umoci', 'dpkg');
  if (!system) return;
  const mirror = debianMirror();
  if (!mirror) return t.skip('no Debian mirror: set DRYDOCK_DEBIAN_MIRROR and DRYDOCK_DEBIAN_SECURITY_MIRROR');
  const directory = await mkdtemp(join(tmpdir(), 'drydock-quickstart-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const tour = join(directory, 'tour');
  const env = {
    ...process.env,
    DRYDOCK_DATA_DIR: join(directory, 'data'),
    XDG_CACHE_HOME: join(directory, 'cache'),
    DRYDOCK_DEBIAN_MIRROR: mirror.debian,
    DRYDOCK_DEBIAN_SECURITY_MIRROR: mirror.security,
  };
  const quickstart = () => run(drydock, ['quickstart', '--dir', tour, '--keep', '--progress', 'none'], { env });

  const first = await quickstart();
  assert.equal(first.code, 0, first.stderr);
  const fix = await json<FixReport>(join(tour, 'fix.json'));
  assert.equal(fix.task.stage, 'promoted');
  assert.ok(fix.upgrades.length > 0);
  const before = await json<ScanReport>(join(tour, 'scan-before.json'));
  const after = await json<ScanReport>(join(tour, 'scan-after.json'));
  for (const [name, document] of [
    ['report', before],
    ['report', after],
    ['fix-report', fix],
    ['cyclonedx', await json(join(tour, 'sbom.cdx.json'))],
  ] as const) {
    assert.deepEqual(validator(name)(document), [], name);
  }
  const present = new Set(vulnerabilitiesIn(after).map(({ id, package: purl }) => `${id} ${purl.replace(/@.*/, '')}`));
  for (const { id, package: name, outcome } of fix.outcomes) {
    const still = present.has(`${id} pkg:deb/debian/${name}`);
    assert.equal(still, outcome !== 'fixed', `${id} in ${name}`);
  }
  assert.ok(after.counts.cve.total < before.counts.cve.total);

  // umoci and dpkg are the independent judges of the layer and of the database.
  const bundle = join(directory, 'bundle');
  const image = `${join(tour, 'image')}:bullseye-fixed`;
  const rootless = process.getuid?.() === 0 ? [] : ['--rootless'];
  const unpacked = await run(system.umoci, ['unpack', ...rootless, '--image', image, bundle]);
  assert.equal(unpacked.code, 0, unpacked.stderr);
  const root = `--root=${join(bundle, 'rootfs')}`;
  for (const check of ['--audit', '--verify']) {
    const { code, stdout } = await run(system.dpkg, [root, check]);
    assert.deepEqual([check, code, stdout], [check, 0, '']);
  }

  const second = await quickstart();
  assert.equal(second.code, 0, second.stderr);
  assert.equal((await json<FixReport>(join(tour, 'fix.json'))).task.id, fix.task.id);
});

test('a mirror that cannot be reached ends with one calm message', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-quickstart-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const env = { ...process.env, DRYDOCK_DATA_DIR: join(directory, 'data'), XDG_CACHE_HOME: join(directory, 'cache') };
  const mirror = `file://${join(directory, 'nothing')}`;
  const args = ['quickstart', '--mirror', mirror, '--dir', join(directory, 'tour'), '--progress', 'none'];
  const { code, stdout, stderr } = await run(drydock, args, { env });
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^error: .+\n( {2}because: .+\n)?( {2}→ .+\n)?$/);
});
