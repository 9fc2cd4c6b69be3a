import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditSection, elfProgram, goBuildInfo, realBinary } from '../../../test/support/binary-files.ts';
import { factLayers } from '../../../test/support/fact-layers.ts';
import { crateCataloger } from '../cargo/catalog.ts';
import { goCataloger } from '../golang/catalog.ts';
import { binaryVisitor } from './visitor.ts';

const text =
  'mod\texample.com/app\tv1.0.0\t\ndep\tgolang.org/x/net\tv0.1.0\th1:x=\ndep\texample.com/l\tv1.0.0\n=>\t./l\t(devel)\n';
const program = (go: string): Buffer => elfProgram({ data: goBuildInfo(go, text) });

describe('packages of executables', () => {
  it('are modules and the standard library of Go, where the final file system has the program', async () => {
    const input = await factLayers(binaryVisitor, [
      { 'bin/a': program('go1.22.1'), 'bin/gone': program('go1.20.5'), 'bin/again': program('go1.19') },
      { 'bin/gone': null, 'bin/again': program('go1.22.1') },
    ]);
    const { packages, unlessOwned, diagnostics } = goCataloger.coalesce({ ...input, os: undefined });
    const shown = packages.map(({ purl, scope = 'installed', locations }) => [purl, scope, locations[0]?.path]);
    const of = (path: string, release: string, scope: string) => [
      [`pkg:golang/stdlib@${release}`, scope, path],
      ['pkg:golang/example.com/app@v1.0.0', scope, path],
      ['pkg:golang/golang.org/x/net@v0.1.0', scope, path],
      ['pkg:golang/example.com/l@v1.0.0', scope, path],
    ];
    assert.deepEqual(
      shown.sort(),
      [
        ...of('bin/a', '1.22.1', 'installed'),
        ...of('bin/again', '1.22.1', 'installed'),
        ...of('bin/again', '1.19', 'removed'),
        ...of('bin/gone', '1.20.5', 'removed'),
      ].sort(),
    );
    assert.deepEqual([...(unlessOwned ?? []), ...diagnostics], []);
    // Code of a directory may be anything.
    assert.ok(packages.every(({ name, guessed }) => (name === 'example.com/l') === (guessed === true)));
    assert.equal(
      packages.find(({ scope, locations }) => scope !== 'removed' && locations[0]?.path === 'bin/again')?.locations[0]
        ?.layer,
      input.layers[1]?.digest,
    );
  });

  it('tell which Go packages are linked', async () => {
    const input = await factLayers(binaryVisitor, [{ 'bin/a': realBinary('go-1.17') }]);
    const { packages } = goCataloger.coalesce({ ...input, os: undefined });
    const linked = (name: string) => packages.find((pkg) => pkg.name === name)?.linked;
    assert.deepEqual([...(linked('gopkg.in/yaml.v2') ?? [])], ['gopkg.in/yaml.v2']);
    assert.ok(linked('stdlib')?.has('encoding/base64') && !linked('stdlib')?.has('net/http'));
  });

  it('are not known for Go programs without information', async () => {
    const stripped = elfProgram({ text: Buffer.from('\xff Go build ID: "abc/def"', 'latin1') });
    const input = await factLayers(binaryVisitor, [{ 'bin/a': stripped, 'bin/b': stripped }, { 'bin/b': null }]);
    const { packages, unlessOwned } = goCataloger.coalesce({ ...input, os: undefined });
    assert.deepEqual(packages, []);
    assert.deepEqual(
      unlessOwned?.map(({ code, path, partial }) => [code, path, partial]),
      [['unknown_go_binary', 'bin/a', true]],
    );
  });

  it('are crates, those for building marked, those from elsewhere never matched', async () => {
    const tail = auditSection({
      packages: [
        { name: 'a', version: '1.0.0', source: 'crates.io' },
        { name: 'b', version: '1.0.0', source: 'crates.io', kind: 'build' },
        { name: 'c', version: '1.0.0', source: 'git' },
      ],
    });
    const damaged = elfProgram({ tail: auditSection({ packages: [{}] }) });
    const input = await factLayers(binaryVisitor, [{ 'bin/r': elfProgram({ tail }), 'bin/s': damaged }]);
    const { packages, unlessOwned } = crateCataloger.coalesce({ ...input, os: undefined });
    assert.deepEqual(
      packages.map(({ purl, scope, guessed }) => [purl, scope, guessed]),
      [
        ['pkg:cargo/a@1.0.0', 'installed', undefined],
        ['pkg:cargo/b@1.0.0', 'dev', undefined],
        ['pkg:cargo/c@1.0.0', 'installed', true],
      ],
    );
    assert.deepEqual(
      unlessOwned?.map(({ code, path }) => [code, path]),
      [['package_invalid_metadata', 'bin/s']],
    );
  });
});
