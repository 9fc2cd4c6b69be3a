import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../support/debian-image.ts';
import { expectedOf, found, installed, oracle, osvArchive, pick, scanRoot } from '../support/osv-world.ts';

const target = '.NETCoreApp,Version=v8.0';

/** The document that the SDK writes beside a published application; there is no SDK here to write it. */
function depsJson(packages: readonly (readonly [string, string])[]): string {
  const keys = packages.map(([name, version]) => `${name}/${version}`);
  const assets = (key: string) => ({
    runtime: { [`lib/net8.0/${key.split('/')[0]}.dll`]: { assemblyVersion: '1.0.0.0' } },
  });
  return JSON.stringify({
    runtimeTarget: { name: target, signature: '' },
    compilationOptions: {},
    targets: {
      [target]: {
        'App/1.0.0': { dependencies: Object.fromEntries(packages), runtime: { 'App.dll': {} } },
        ...Object.fromEntries(keys.map((key) => [key, assets(key)])),
      },
    },
    libraries: {
      'App/1.0.0': { type: 'project', serviceable: false, sha512: '' },
      ...Object.fromEntries(
        keys.map((key) => [key, { type: 'package', serviceable: true, sha512: 'sha512-', path: key.toLowerCase() }]),
      ),
    },
  });
}

test('packages of .NET applications are affected as the published order of versions says', async (t) => {
  const archive = osvArchive(t, 'NuGet');
  if (archive === undefined) return;
  await using scratch = await temporaryDirectory();
  const picks = await pick(archive, 'NuGet', 800, '[A-Za-z0-9._-]+');
  const expected = await expectedOf(picks, '/usr/bin/python3', oracle('nuget-affected.py'));
  const rootfs = join(scratch.path, 'root');
  const pairs = [...expected.keys()].map((key) => key.split(' ') as [string, string]);
  for (const [index, [name]] of pairs.entries()) {
    if (pairs[index - 1]?.[0] === name) continue;
    const folder = join(rootfs, `app/${index}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'App.deps.json'), depsJson(pairs.filter(([other]) => other === name)));
  }

  const report = await scanRoot(rootfs, 'NuGet', join(scratch.path, 'data'));
  assert.deepEqual(installed(report, 'nuget'), [...expected.keys()].sort());
  const actual = found(report, picks, (name) => name.toLowerCase());
  const wrong = [...expected].filter(([key, ids]) => JSON.stringify(actual.get(key)) !== JSON.stringify(ids));
  assert.deepEqual(wrong.map(([key, ids]) => ({ key, ids, actual: actual.get(key) })).slice(0, 5), []);
  const affected = [...expected.values()].filter((ids) => ids.length > 0).length;
  assert.ok(affected > 200 && expected.size - affected > 100, `${affected} of ${expected.size} are affected`);
  t.diagnostic(
    `${affected} of ${expected.size} packages are affected, ${[...expected.values()].flat().length} records`,
  );
});
