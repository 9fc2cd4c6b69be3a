import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseBuildInfo, releaseOf } from './build-info.ts';
import { parseGoMod, parseGoSum } from './go-mod.ts';
import { importPathOf } from './line-table.ts';
import { linkedByModule } from './linked.ts';
import { goVersions } from './versions.ts';

describe('build information of Go', () => {
  it('lists modules; replacements replace identity, directories make it a guess', () => {
    const text = [
      'path\texample.com/app',
      'mod\texample.com/app\t(devel)\t',
      'dep\tgolang.org/x/net\tv0.1.0\th1:a=',
      'dep\texample.com/old\tv1.0.0',
      '=>\texample.com/fork\tv1.0.1\th1:b=',
      'dep\texample.com/local\tv2.0.0+incompatible',
      '=>\t./local\t(devel)\t',
      'build\tvcs.revision=0123456789abcdef',
      '',
    ].join('\n');
    assert.deepEqual(parseBuildInfo('go1.22.1', text), {
      go: 'go1.22.1',
      modules: [
        { path: 'golang.org/x/net', version: 'v0.1.0' },
        { path: 'example.com/fork', version: 'v1.0.1', replaces: 'example.com/old' },
      ],
      local: [{ path: 'example.com/local', version: 'v2.0.0+incompatible' }],
      malformed: 0,
    });
  });

  it('has the main module where a build knew its version', () => {
    const { modules } = parseBuildInfo('go1.24.0', 'mod\texample.com/app\tv1.2.3+dirty\t\n');
    assert.deepEqual(modules, [{ path: 'example.com/app', version: 'v1.2.3+dirty' }]);
  });

  it('counts what is outside the grammar', () => {
    const text =
      'dep\t../x\tv1.0.0\ndep\texample.com/a\t1.0\ndep\texample.com/\u202e\tv1.0.0\n=>\texample.com/b\tv1.0.0\n';
    assert.deepEqual(parseBuildInfo('go1.22', text), { go: 'go1.22', modules: [], local: [], malformed: 3 });
  });

  it('names the release of the toolchain', () => {
    const cases: readonly (readonly [string, string | undefined])[] = [
      ['go1.22.1', '1.22.1'],
      ['go1.22', '1.22'],
      ['go1.22.1 X:nocoverageredesign', '1.22.1'],
      ['go1.21.6-fips', '1.21.6'],
      ['go1.20.12 (Red Hat 1.20.12-8.el9_4)', '1.20.12'],
      ['go1.19.4b4', '1.19.4'],
      ['go1.22rc1', '1.22rc1'],
      ['go1.18beta2', '1.18beta2'],
      ['devel go1.23-abcdef Mon Jan 1', undefined],
      ['go1.2.3.4', undefined],
      ['', undefined],
    ];
    for (const [text, release] of cases) assert.equal(releaseOf(text), release, text);
  });
});

describe('names of Go functions', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['golang.org/x/net/http2.(*Framer).ReadFrame', 'golang.org/x/net/http2'],
    ['net/http.(*conn).serve.func1', 'net/http'],
    ['gopkg.in/yaml%2ev2.unmarshal', 'gopkg.in/yaml.v2'],
    ['main.main', 'main'],
    ['slices.Sort[go.shape.[]example.com/a.T]', 'slices'],
    ['example.com/a.F[go.shape.struct { example.com/b.x }]', 'example.com/a'],
    ['type:.eq.example.com/a.T', undefined],
    ['type..eq.encoding/base64.CorruptInputError', undefined],
    ['go:buildid', undefined],
    ['_rt0_amd64_linux', undefined],
    ['', undefined],
    ['a%zz.F', undefined],
  ];
  for (const [name, path] of cases) {
    it(`${JSON.stringify(name)} ${path === undefined ? 'has no package' : `is of ${path}`}`, () => {
      assert.equal(importPathOf(name), path);
    });
  }

  it('lead to modules by the longest path', () => {
    const linked = linkedByModule(
      ['net/http', 'vendor/golang.org/x/net/idna', 'example.com/a/b/c', 'example.com/a', 'example.com/old/x', 'main'],
      [
        { path: 'example.com/a', version: 'v1.0.0' },
        { path: 'example.com/a/b', version: 'v1.0.0' },
        { path: 'example.com/fork', version: 'v1.0.0', replaces: 'example.com/old' },
        { path: 'example.com/unused', version: 'v1.0.0' },
      ],
    );
    assert.deepEqual(Object.fromEntries([...linked].map(([path, own]) => [path, [...own]])), {
      stdlib: ['net/http', 'vendor/golang.org/x/net/idna', 'main'],
      'example.com/a': ['example.com/a'],
      'example.com/a/b': ['example.com/a/b/c'],
      'example.com/fork': ['example.com/fork/x'],
      'example.com/unused': [],
    });
  });
});

describe('versions of Go', () => {
  it('are ordered as modules and toolchains are', () => {
    const ascending = [
      'v0.0.0-20190101000000-abcdefabcdef',
      'v0.0.0-20200101000000-0123456789ab',
      'v0.1.0',
      '1.22beta1',
      '1.22rc1',
      'go1.22',
      '1.22.1',
      'v2.0.0+incompatible',
    ];
    for (let i = 1; i < ascending.length; i++) {
      const [a = '', b = ''] = [ascending[i - 1], ascending[i]];
      assert.ok(goVersions.valid(a) && goVersions.valid(b) && goVersions.compare(a, b) < 0, `${a} < ${b}`);
    }
    assert.equal(goVersions.compare('1.22.0-rc.1', '1.22rc1'), 0);
    assert.equal(goVersions.compare('v1.2.3+incompatible', '1.2.3'), 0);
    for (const version of ['', '(devel)', 'v', 'latest', '1.2.3.4', 'v1.2.3-', '1'.repeat(300)]) {
      assert.ok(!goVersions.valid(version), version);
    }
  });
});

describe('go.mod and go.sum', () => {
  it('declare what is required, with replacements', () => {
    const file = parseGoMod(`module example.com/app // comment
go 1.21
require golang.org/x/net v0.1.0
require (
\tgolang.org/x/text v0.3.7 // indirect
\t"example.com/quoted" v1.0.0
\texample.com/local v1.0.0
\texample.com/one v1.1.0
\texample.com/bad version
)
replace example.com/local => ../local
replace (
\texample.com/one v1.1.0 => example.com/two v2.0.0
\texample.com/quoted v9.9.9 => example.com/no v1.0.0
)
exclude example.com/x v1.0.0
`);
    assert.deepEqual(file, {
      required: [
        { path: 'golang.org/x/net', version: 'v0.1.0' },
        { path: 'golang.org/x/text', version: 'v0.3.7' },
        { path: 'example.com/quoted', version: 'v1.0.0' },
        { path: 'example.com/two', version: 'v2.0.0' },
      ],
      complete: true,
      malformed: 1,
    });
  });

  it('sums name what was downloaded', () => {
    const text = 'example.com/a v1.0.0 h1:x=\nexample.com/a v1.0.0/go.mod h1:y=\nexample.com/b v0.1.0/go.mod h1:z=\n\n';
    assert.deepEqual(parseGoSum(text), [{ path: 'example.com/a', version: 'v1.0.0' }]);
  });
});
