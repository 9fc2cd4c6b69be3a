import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { rpmCataloger } from '../../src/ecosystems/rpm/catalog.ts';
import type { RpmRecord } from '../../src/ecosystems/rpm/database/record.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { factLayers } from '../support/fact-layers.ts';
import { almaLinux8, asBerkeleyDb, rpmSays, rpmSaysOfForeign } from '../support/rpm-system.ts';
import { buildRpms, installRpms, sharedFolder } from '../support/rpm-world.ts';
import { run } from '../support/run.ts';
import { needs } from '../support/system.ts';

/** What Drydock says of a database in the words of rpm's query formats. */
async function drydockSays(name: string, content: Buffer, path = `var/lib/rpm/${name}`) {
  const { layers, view } = await factLayers(() => rpmCataloger.analysis.visitor(), [{ [path]: content }]);
  const { packages, diagnostics, owners } = rpmCataloger.coalesce({ layers, view, os: undefined });
  assert.deepEqual(diagnostics, []);
  const records = layers[0]?.facts.files[0]?.records ?? [];
  const lines = records.filter((record) => record.name !== 'gpg-pubkey').map(lineOf);
  assert.equal(packages.length, new Set(lines).size, 'every record is a package');
  const files = records.flatMap((record) =>
    record.files.flatMap((text, at) =>
      at % 2 === 0 ? (record.files[at + 1] ?? '').split('/').map((file) => `${record.name}|${text}${file}`) : [],
    ),
  );
  return { said: { packages: lines.sort(), files: files.sort() }, packages, owners };
}

function lineOf(record: RpmRecord): string {
  const or = (text: string, absent: string): string => (text === '' ? absent : text);
  const { name, version, release, arch, sourceRpm, epoch, module } = record;
  return [
    name,
    or(epoch, '0'),
    version,
    release,
    or(arch, '(none)'),
    or(sourceRpm, '(none)'),
    or(module, '(none)'),
  ].join('|');
}

test('real packages in databases of SQLite and of Berkeley DB in both byte orders, as rpm lists them', async (t) => {
  if (!needs(t, 'rpmbuild', 'rpm', 'python3', 'db5.3_load')) return;
  await using scratch = await temporaryDirectory();
  const rpms = await buildRpms(join(scratch.path, 'build'), almaLinux8);
  const rootfs = join(scratch.path, 'rootfs');
  await installRpms(rootfs, '/var/lib/rpm', rpms);
  const directory = join(rootfs, 'var/lib/rpm');
  const expected = await rpmSays(directory);
  assert.ok(expected.packages.length === 12 && expected.files.length === 8, JSON.stringify(expected));
  const database = join(directory, 'rpmdb.sqlite');
  const { said, packages, owners } = await drydockSays('rpmdb.sqlite', await readFile(database));
  assert.deepEqual(said, expected);
  for (const order of ['little', 'big'] as const) {
    const content = await asBerkeleyDb(database, order, join(scratch.path, `Packages.${order}`));
    assert.deepEqual((await drydockSays('Packages', content)).said, expected, `${order}-endian`);
  }
  const npm = packages.find(({ name }) => name === 'npm');
  assert.equal(owners?.ownerOf('usr/lib/node_modules/npm/package.json'), npm?.purl);
  assert.deepEqual(npm?.source, { name: 'nodejs', version: '1:18.20.4-1.module_el8.10.0+3886+6a7e9c4b' });
  const modSsl = packages.find(({ name }) => name === 'mod_ssl');
  assert.deepEqual(
    [modSsl?.version, modSsl?.source?.version],
    ['1:2.4.37-64.module_el8.10.0+3872+d7d2b4a5', '2.4.37-64.module_el8.10.0+3872+d7d2b4a5'],
  );
});

test('a package belongs to the layer whose rpm run brought it, not to those that rewrote the database', async (t) => {
  if (!needs(t, 'rpmbuild', 'rpm')) return;
  await using scratch = await temporaryDirectory();
  const path = 'usr/lib/sysimage/rpm/rpmdb.sqlite';
  const rootfs = join(scratch.path, 'rootfs');
  const layers: { [path: string]: Buffer }[] = [];
  for (const release of ['9.el8_7', '15.el8_6']) {
    const sources = almaLinux8.filter(({ name }) => layers.length === 0 || name === 'openssl');
    const built = sources.map((source) => (source.name === 'openssl' ? { ...source, release } : source));
    const rpms = await buildRpms(join(scratch.path, `build-${layers.length}`), built);
    await installRpms(rootfs, '/usr/lib/sysimage/rpm', rpms);
    layers.push({ [path]: await readFile(join(rootfs, path)) });
  }
  const image = await factLayers(() => rpmCataloger.analysis.visitor(), layers);
  const { packages, diagnostics } = rpmCataloger.coalesce({ ...image, os: undefined });
  assert.deepEqual(diagnostics, []);
  const [lower, upper] = image.layers.map(({ digest }) => digest);
  for (const { name, version, locations } of packages) {
    const upgraded = name.startsWith('openssl');
    assert.deepEqual(locations, [{ path, layer: upgraded ? upper : lower }], name);
    if (upgraded) assert.equal(version, '1:1.1.1k-15.el8_6');
  }
  assert.equal(packages.length, 12);
});

test('databases of real systems in formats that this rpm does not write', async (t) => {
  if (!needs(t, 'rpm', 'rpmdb', 'python3', 'db5.3_dump')) return;
  const samples = sharedFolder('samples');
  if (samples === undefined) return t.skip('needs the shared samples: set DRYDOCK_SHARED');
  await using scratch = await temporaryDirectory();
  for (const [sample, name] of [
    ['rpm-ndb-Packages.db', 'Packages.db'],
    ['rpm-bdb-Packages', 'Packages'],
  ] as const) {
    const path = join(samples, sample);
    const expected = await rpmSaysOfForeign(path, join(scratch.path, sample));
    assert.ok(expected.packages.length > 0, sample);
    assert.deepEqual((await drydockSays(name, await readFile(path))).said, expected, sample);
  }
});

/** Databases of well-known images, which a Go module of a reader of such databases has among its tests. */
const goModule = 'github.com/knqyf263/go-rpmdb@v0.1.1';
const systems = ['cbl-mariner-2.0/rpmdb.sqlite', 'fedora35/rpmdb.sqlite', 'sle15-bci/Packages.db'].concat([
  ...['centos8-modularitylabel/Packages', 'libuuid/Packages', 'ubi8-s390x/Packages'],
]);

test('databases of well-known images: CentOS, UBI for a big-endian machine, Fedora, SUSE, Mariner', async (t) => {
  if (!needs(t, 'go', 'rpm', 'rpmdb', 'python3', 'db5.3_dump')) return;
  // About 60 MB, once: Go keeps it.
  const options = { cwd: '/', signal: AbortSignal.timeout(120_000) };
  const downloaded = await run('go', ['mod', 'download', '-json', goModule], options).catch(() => undefined);
  const directory = downloaded?.code === 0 ? (JSON.parse(downloaded.stdout) as { Dir?: string }).Dir : undefined;
  if (directory === undefined || !existsSync(directory)) return t.skip('needs a Go module proxy: set GOPROXY');
  await using scratch = await temporaryDirectory();
  let [packages, files] = [0, 0];
  for (const system of systems) {
    const path = join(directory, 'pkg/testdata', system);
    const expected = await rpmSaysOfForeign(path, join(scratch.path, system.replace('/', '-')));
    const { said } = await drydockSays(basename(path), await readFile(path));
    assert.deepEqual(said, expected, system);
    packages += said.packages.length;
    files += said.files.length;
  }
  assert.ok(packages > 900 && files > 100_000, `${packages} ${files}`);
  t.diagnostic(`${systems.length} databases, ${packages} packages, ${files} files`);
});
