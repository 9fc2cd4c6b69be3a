import { condaLockfiles } from '../../src/ecosystems/conda/lockfiles/index.ts';
import { npmLockfiles } from '../../src/ecosystems/npm/lockfiles/index.ts';
import { pypiLockfiles } from '../../src/ecosystems/pypi/lockfiles/index.ts';

type Lockfiles = typeof npmLockfiles;

/** Documents in the layout of each tool, with what is no package of a registry among them. */
export const lockfileSamples: readonly { cataloger: Lockfiles; name: string; content: string; expected: string[] }[] = [
  {
    cataloger: npmLockfiles,
    name: 'package-lock.json',
    content: JSON.stringify({
      lockfileVersion: 1,
      dependencies: {
        a: { version: '1.0.0', dependencies: { b: { version: '2.0.0', dev: true } } },
        alias: { version: 'npm:@s/real@3.0.0' },
        git: { version: 'git+ssh://git@example/x.git#abc' },
        file: { version: 'file:../x' },
        tarball: { version: 'https://example/x.tgz' },
        none: {},
        text: 'x',
      },
    }),
    expected: ['a@1.0.0', '@s/real@3.0.0', 'b@2.0.0'],
  },
  {
    cataloger: npmLockfiles,
    name: 'npm-shrinkwrap.json',
    content: JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { name: 'app', version: '1.0.0' },
        'packages/own': { version: '1.0.0' },
        'node_modules/own': { resolved: 'packages/own', link: true, version: '1.0.0' },
        'node_modules/@s/a': { version: '1.0.0' },
        'node_modules/@s/a/node_modules/b': { version: '2.0.0' },
        'node_modules/alias': { name: 'real', version: '3.0.0' },
      },
      dependencies: { '@s/a': { version: '9.9.9' } },
    }),
    expected: ['@s/a@1.0.0', 'b@2.0.0', 'real@3.0.0'],
  },
  {
    cataloger: npmLockfiles,
    name: 'yarn.lock',
    content: `# yarn lockfile v1


"@s/a@^1.0.0", "@s/a@~1.0.0":
  version "1.0.2"
  resolved "https://example/a.tgz#hash"
  dependencies:
    version "^9.0.0"

alias@npm:real@^3.0.0:
  version "3.0.0"

"local@file:./local":
  version "0.0.0"
`,
    expected: ['@s/a@1.0.2', 'real@3.0.0'],
  },
  {
    cataloger: npmLockfiles,
    name: 'yarn.lock',
    content: `__metadata:
  version: 8

"@s/a@npm:^1.0.0, @s/a@npm:~1.0.0":
  version: 1.0.2
  resolution: "@s/a@npm:1.0.2"
  languageName: node

"alias@npm:real@^3.0.0":
  version: 3.0.0
  resolution: "real@npm:3.0.0"

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."

"typescript@patch:typescript@^5.0.0#~builtin":
  version: 5.0.4
  resolution: "typescript@patch:typescript@npm%3A5.0.4#optional!builtin<compat/typescript>::version=5.0.4"
`,
    expected: ['@s/a@1.0.2', 'real@3.0.0', 'typescript@5.0.4'],
  },
  {
    cataloger: npmLockfiles,
    name: 'pnpm-lock.yaml',
    content: `lockfileVersion: 5.4
dependencies:
  a: 1.0.0
packages:

  /@s/a/1.0.0_react@16.0.0:
    resolution: {integrity: x}
    dependencies:
      b: 2.0.0
  /b/2.0.0:
    resolution: {integrity: x}
  registry.example/c/3.0.0:
    resolution: {integrity: x}
  registry.example/@s/c/3.0.1:
    resolution: {integrity: x}
  github.com/user/repository/0123456789abcdef:
    resolution: {tarball: x}
`,
    expected: ['@s/a@1.0.0', 'b@2.0.0', 'c@3.0.0', '@s/c@3.0.1'],
  },
  {
    cataloger: npmLockfiles,
    name: 'pnpm-lock.yaml',
    content: `lockfileVersion: '6.0'
packages:

  /@s/a@1.0.0(react@16.0.0)(@types/react@16.0.0):
    resolution: {integrity: x}
  /b@2.0.0-rc.1:
    resolution: {integrity: x}
  registry.example/@s/c@3.0.0:
    resolution: {integrity: x}
  file:../local:
    resolution: {directory: ../local}
`,
    expected: ['@s/a@1.0.0', 'b@2.0.0-rc.1', '@s/c@3.0.0'],
  },
  {
    cataloger: npmLockfiles,
    name: 'pnpm-lock.yaml',
    content: `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0
packages:

  '@s/a@1.0.0':
    resolution: {integrity: x}
  b@2.0.0:
    resolution: {integrity: x}
  my_lib@1.2.3:
    resolution: {integrity: x}
  c@https://example/c.tgz:
    resolution: {tarball: x}
snapshots:
  '@s/a@1.0.0':
    dependencies:
      b: 2.0.0
`,
    expected: ['@s/a@1.0.0', 'b@2.0.0', 'my_lib@1.2.3'],
  },
  {
    cataloger: npmLockfiles,
    name: 'bun.lock',
    content: `{
  "lockfileVersion": 1,
  "workspaces": { "": { "name": "app", "dependencies": { "a": "^1.0.0", }, }, },
  "packages": {
    "@s/a": ["@s/a@1.0.0", "", { "dependencies": { "b": "^2.0.0" } }, "sha512-x,]}=="],
    "alias": ["b@2.0.0", "", {}, "sha512-\\",]"],
    "own": ["own@workspace:packages/own"],
  }
}`,
    expected: ['@s/a@1.0.0', 'b@2.0.0'],
  },
  ...[
    { version: '2', npm: { specifiers: { a: 'a@1.0.0' }, packages: { '@s/a@1.0.0_b@2.0.0': {}, 'b@2.0.0': {} } } },
    {
      version: '3',
      packages: { specifiers: {}, jsr: { '@std/x@1.0.0': {} }, npm: { '@s/a@1.0.0': {}, 'b@2.0.0': {} } },
    },
    { version: '5', jsr: { '@std/x@1.0.0': {} }, npm: { '@s/a@1.0.0': {}, 'b@2.0.0': {} } },
  ].map((document) => ({
    cataloger: npmLockfiles,
    name: 'deno.lock',
    content: JSON.stringify(document),
    expected: ['@s/a@1.0.0', 'b@2.0.0'],
  })),
  {
    cataloger: pypiLockfiles,
    name: 'requirements-dev.txt',
    content: `# comment==1
-r other.txt
--index-url https://user:secret@example/a==b
A_b [extra, other] == 1.0 ; python_version < "3" # x
c==1.0 --hash=sha256:abc \\
d===2.0
e>=1.0
f==1.*
g==1.0,!=1.1
git+https://example/h==1.0
i @ https://example/i==1
`,
    expected: ['a-b@1.0', 'c@1.0', 'd@2.0'],
  },
  {
    cataloger: pypiLockfiles,
    name: 'Pipfile.lock',
    content: JSON.stringify({
      _meta: { sources: { version: '==1' } },
      default: { A: { version: '==1.0' }, git: { git: 'https://example' } },
      develop: { b: { version: '==2.0' }, c: { version: '>=2.0' } },
    }),
    expected: ['a@1.0', 'b@2.0'],
  },
  {
    cataloger: pypiLockfiles,
    name: 'poetry.lock',
    content: `[[package]]
name = "a"
version = "1.0"
description = """
[[package]]
name = "forged"
version = "1"
"""
files = [
    {file = "a.whl", hash = "sha256:x"},
]

[package.dependencies]
name = ">=1"
version = {version = ">=2", markers = "x"}

[[package]]
name = "own"
version = "0.1"
[package.source]
type = "directory"
url = "../own"

[metadata]
name = "no"
`,
    expected: ['a@1.0'],
  },
  {
    cataloger: pypiLockfiles,
    name: 'pdm.lock',
    content:
      '[metadata]\ngroups = ["default"]\n\n[[package]]\nname = "a"\nversion = "1.0"\nrequires_python = ">=3.8"\n\n[[package]]\nname = "own"\nversion = "0"\npath = "./own"\n',
    expected: ['a@1.0'],
  },
  {
    cataloger: pypiLockfiles,
    name: 'uv.lock',
    content: `version = 1
[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
[package.metadata]
requires-dist = [{ name = "a" }]
[[package]]
name = "a"
version = "1.0" # comment
source = { registry = "https://example/simple" }
dependencies = [
    { name = "b" },
]
`,
    expected: ['a@1.0'],
  },
  {
    cataloger: pypiLockfiles,
    name: 'pylock.dev.toml',
    content:
      "lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = '1.0'\n[[packages.wheels]]\nname = 'a.whl'\n[[packages]]\nname = 'own'\nversion = '1'\n[packages.directory]\npath = '.'\n",
    expected: ['a@1.0'],
  },
  ...(['conda', 'pip'] as const).map((manager) => ({
    cataloger: manager === 'conda' ? condaLockfiles : pypiLockfiles,
    name: 'conda-lock.yml',
    content: `version: 1
metadata:
  channels:
  - url: conda-forge
package:
- name: zlib
  version: 1.2.13
  manager: conda
  platform: linux-64
  dependencies:
    name: nothing
  url: https://conda.example/conda-forge/linux-64/zlib-1.2.13-h166bdaf_4.tar.bz2
- name: requests
  version: 2.31.0
  manager: pip
  platform: linux-64
  url: https://example/requests-2.31.0-py3-none-any.whl
`,
    expected: manager === 'conda' ? ['zlib@1.2.13'] : ['requests@2.31.0'],
  })),
  {
    cataloger: condaLockfiles,
    name: 'conda-linux-64.lock',
    content:
      '# platform: linux-64\nhttps://conda.example/before-1-0.conda\n@EXPLICIT\nhttps://conda.example/conda-forge/linux-64/ca-certificates-2023.7.22-hbcca054_0.conda#a73ecd2988327ad4c8f2c331482917f2\n',
    expected: ['ca-certificates@2023.7.22'],
  },
];
