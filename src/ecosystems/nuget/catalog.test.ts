import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { briefs, catalogOf, codes } from '../../../test/support/catalog.ts';
import { nugetCataloger, nugetLockCataloger } from './catalog.ts';
import { nuget } from './index.ts';
import { nugetVersions } from './versions.ts';

const target = '.NETCoreApp,Version=v6.0/linux-x64';
const library = (type = 'package') => ({
  type,
  serviceable: type === 'package',
  sha512: type === 'package' ? 'sha512-x' : '',
});

/** The document of a published application, as the SDK's build task writes it: every case that matters. */
function depsJson(): Record<string, unknown> {
  return {
    runtimeTarget: { name: target, signature: '' },
    compilationOptions: {},
    targets: {
      '.NETCoreApp,Version=v6.0': { 'Other.Target/1.0.0': { runtime: { 'lib/net6.0/Other.dll': {} } } },
      [target]: {
        'App/1.0.0': {
          dependencies: { 'Newtonsoft.Json': '12.0.1', 'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64': '6.0.1' },
          runtime: { 'App.dll': {} },
        },
        'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/6.0.1': {
          runtime: { 'System.Private.CoreLib.dll': { assemblyVersion: '6.0.0.0', fileVersion: '6.0.121.56705' } },
          native: { 'libcoreclr.so': { fileVersion: '0.0.0.0' } },
        },
        'Newtonsoft.Json/12.0.1': { runtime: { 'lib/netstandard2.0/Newtonsoft.Json.dll': {} } },
        'SQLitePCLRaw.lib.e_sqlite3/2.1.0': {
          runtimeTargets: { 'runtimes/linux-x64/native/libe_sqlite3.so': { rid: 'linux-x64', assetType: 'native' } },
        },
        'Native.Only/1.0.0-rc.1': { native: { 'runtimes/linux-x64/native/x.so': {} } },
        'Reference.Only/4.0.0': { compile: { 'ref/netstandard1.0/R.dll': {} } },
        'Placeholder/4.3.0': { runtime: { 'lib/netcoreapp2.0/_._': {} } },
        'Meta/1.0.0': { dependencies: { 'Newtonsoft.Json': '12.0.1' } },
        'Other.Project/1.0.0': { runtime: { 'Other.Project.dll': {} } },
      },
    },
    libraries: {
      'App/1.0.0': library('project'),
      'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/6.0.1': library('runtimepack'),
      'Newtonsoft.Json/12.0.1': library(),
      'SQLitePCLRaw.lib.e_sqlite3/2.1.0': library(),
      'Native.Only/1.0.0-rc.1': library(),
      'Reference.Only/4.0.0': library(),
      'Placeholder/4.3.0': library(),
      'Meta/1.0.0': library(),
      'Other.Target/1.0.0': library(),
      'Other.Project/1.0.0': library('project'),
    },
  };
}

test('an application carries the packages that bring code to run in its target', async () => {
  assert.deepEqual(await briefs(nugetCataloger, { 'app/App.deps.json': `\ufeff${JSON.stringify(depsJson())}` }), [
    'pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@6.0.1 app/App.deps.json',
    'pkg:nuget/Newtonsoft.Json@12.0.1 app/App.deps.json',
    'pkg:nuget/SQLitePCLRaw.lib.e_sqlite3@2.1.0 app/App.deps.json',
    'pkg:nuget/Native.Only@1.0.0-rc.1 app/App.deps.json',
  ]);
});

test('shared runtimes: the package that their document names, else the folder', async () => {
  const shared = 'usr/share/dotnet/shared';
  const document = (name: string) => ({
    runtimeTarget: target,
    targets: { [target]: { [name]: { runtime: { 'x.dll': {} } } } },
    libraries: { [name]: library() },
  });
  const runtime = 'Microsoft.NETCore.App.Runtime.linux-x64';
  assert.deepEqual(
    await briefs(nugetCataloger, {
      [`${shared}/Microsoft.NETCore.App/6.0.1/Microsoft.NETCore.App.deps.json`]: JSON.stringify(
        document(`${runtime}/6.0.1`),
      ),
      [`${shared}/Microsoft.AspNetCore.App/6.0.1/Microsoft.AspNetCore.App.deps.json`]: JSON.stringify(document('x/1')),
    }),
    [
      `pkg:nuget/${runtime}@6.0.1 ${shared}/Microsoft.NETCore.App/6.0.1/Microsoft.NETCore.App.deps.json`,
      `pkg:nuget/x@1 ${shared}/Microsoft.AspNetCore.App/6.0.1/Microsoft.AspNetCore.App.deps.json`,
      `pkg:nuget/Microsoft.AspNetCore.App@6.0.1 ${shared}/Microsoft.AspNetCore.App/6.0.1/Microsoft.AspNetCore.App.deps.json`,
    ],
  );
});

test('what is no document of the runtime, and packages with invalid names', async () => {
  const { targets, ...rest } = depsJson();
  const odd = {
    runtimeTarget: 'x',
    targets: {
      x: { 'a b/1': { runtime: { a: {} } }, '__proto__/1': { runtime: { a: {} } }, 'c/x': { runtime: { a: {} } } },
    },
    libraries: { 'a b/1': library(), '__proto__/1': library(), 'c/x': library(), d: library(), 'e/1': 7 },
  };
  const result = await catalogOf(nugetCataloger, [
    {
      'a.deps.json': '[]',
      'b.deps.json': '{}',
      'c.deps.json': JSON.stringify(rest),
      'd.deps.json': JSON.stringify(odd),
      'e.deps.json': '{',
    },
  ]);
  assert.deepEqual(
    result.packages.map(({ purl }) => purl),
    ['pkg:nuget/__proto__@1'],
  );
  assert.deepEqual(
    codes(result),
    Array.from({ length: 4 }, () => 'package_invalid_metadata!'),
  );
});

test('lock files', async () => {
  const lock = {
    version: 1,
    dependencies: {
      'net6.0': {
        'Newtonsoft.Json': { type: 'Direct', requested: '[12.0.1, )', resolved: '12.0.1' },
        own: { type: 'Project', dependencies: {} },
      },
      'net7.0': { 'Newtonsoft.Json': { type: 'Transitive', resolved: '12.0.1' } },
    },
  };
  const config = `<?xml version="1.0" encoding="utf-8"?>
<packages>
  <package id="jQuery" version="3.4.1" targetFramework="net45" />
  <package id="NuGet.Build" version="1.0.0.1" developmentDependency="true" />
</packages>`;
  assert.deepEqual(
    await briefs(nugetLockCataloger, {
      'src/packages.lock.json': JSON.stringify(lock),
      'src/packages.config': config,
      'win/packages.config': Buffer.from(`\ufeff${config}`, 'utf16le'),
      'src/xpackages.config': config,
    }),
    [
      'pkg:nuget/Newtonsoft.Json@12.0.1 declared src/packages.lock.json',
      'pkg:nuget/jQuery@3.4.1 declared src/packages.config',
      'pkg:nuget/NuGet.Build@1.0.0.1 dev src/packages.config',
      'pkg:nuget/jQuery@3.4.1 declared win/packages.config',
      'pkg:nuget/NuGet.Build@1.0.0.1 dev win/packages.config',
    ],
  );
});

test('names have no case', () => {
  assert.equal(nuget.normaliseName?.('Newtonsoft.JSON'), 'newtonsoft.json');
});

/** Rising, from the documentation of package versioning and SemVer 2 §11; lines are equal versions. */
const rising = [
  ['1.0.0-alpha', '1.0.0-ALPHA', '1-alpha', '1.0-alpha+build'],
  ['1.0.0-alpha.1', '1.0.0-alpha.01'],
  ['1.0.0-alpha.2'],
  ['1.0.0-alpha.10'],
  ['1.0.0-alpha.beta'],
  ['1.0.0-Beta'],
  ['1.0.0-beta.2'],
  ['1.0.0-beta.11'],
  ['1.0.0-rc.1'],
  ['1', '1.0', '1.0.0', '1.0.0.0', '1.00', '1.0.0+x'],
  ['1.0.0.1-a'],
  ['1.0.0.1', '1.0.0.01'],
  ['1.0.1'],
  ['1.2'],
  ['1.10'],
  ['10'],
];

test('versions: the published examples in order', () => {
  rising.forEach((equal, i) => {
    for (const [j, others] of rising.entries()) {
      for (const a of equal) {
        for (const b of others) assert.equal(Math.sign(nugetVersions.compare(a, b)), Math.sign(i - j), `${a} ${b}`);
      }
    }
  });
});

test('versions: what is none', () => {
  for (const bad of [
    '',
    'v1',
    '1.',
    '.1',
    '1.2.3.4.5',
    '1-',
    '1-a..b',
    '1+',
    '1-a_b',
    ' 1',
    '1.x',
    '-1',
    '1'.repeat(300),
  ]) {
    assert.equal(nugetVersions.valid(bad), false, bad);
  }
});

test('versions: a total order', () => {
  const version = fc
    .array(fc.constantFrom('0', '1', '2', '10', '.', '-', 'a', 'B', '.1', '-rc'), { maxLength: 6 })
    .map((parts) => `1${parts.join('')}`)
    .filter(nugetVersions.valid);
  const { compare } = nugetVersions;
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      assert.ok(Math.sign(compare(a, b)) + Math.sign(compare(b, a)) === 0, `${a} ${b}`);
      if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0, `${a} ${b} ${c}`);
    }),
    { numRuns: 500 },
  );
});
