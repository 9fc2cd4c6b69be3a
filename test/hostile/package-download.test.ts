import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { createFilesystemBlobs } from '../../src/adapters/blobs/filesystem.ts';
import { type DownloadDeps, downloadPackages } from '../../src/ecosystems/dpkg/fix/repository/download.ts';
import type { Upgrade } from '../../src/ecosystems/index.ts';
import { type Digest, digestOf, hexOf } from '../../src/image/index.ts';
import { noProgress } from '../../src/kernel/index.ts';
import { toyConfig, toyDeps } from '../support/toy-repository.ts';

const signal = new AbortController().signal;
const path = 'pool/main/tool_2_amd64.deb';
const content = Buffer.from('the package file');
const control = 'Package: tool\nVersion: 2\nArchitecture: amd64\n';

const upgrade: Upgrade = {
  name: 'tool',
  arch: 'amd64',
  source: { name: 'tool', version: '2' },
  from: '1',
  to: '2',
  repository: 'toy toy/main',
  path,
  archive: 'toy',
  sha256: hexOf(digestOf(content)),
  size: content.length,
  reason: 'requested',
};

interface Case {
  readonly name: string;
  /** What the mirrors hold under the path, in their order; undefined: no such file. */
  readonly mirrors: readonly (Buffer | undefined)[];
  readonly control?: string;
  /** Undefined when the package is accepted. */
  readonly detail?: RegExp;
}

/** Group 31 of hostile-inputs.md, packages. */
const cases: readonly Case[] = [
  { name: 'the right file', mirrors: [content] },
  { name: 'missing: a hole of the mirror', mirrors: [undefined], detail: /holds no pool/ },
  { name: 'missing at the first mirror, right at the second', mirrors: [undefined, content] },
  { name: 'too short', mirrors: [content.subarray(0, 5)], detail: /not the file that the signed index lists/ },
  { name: 'too long', mirrors: [Buffer.concat([content, content])], detail: /not the file/ },
  { name: 'another file of the same size', mirrors: [Buffer.alloc(content.length)], detail: /not the file/ },
  { name: 'wrong at the first mirror, right at the second', mirrors: [Buffer.from('evil'), content] },
  {
    name: 'a package that says to be another one',
    mirrors: [content],
    control: control.replace('tool', 'evil'),
    detail: /says to be evil 2 amd64/,
  },
  {
    name: 'a package of another version',
    mirrors: [content],
    control: control.replace('2', '1'),
    detail: /says to be tool 1/,
  },
  { name: 'a package without control data', mirrors: [content], control: '', detail: /says to be/ },
];

async function setup(t: TestContext, { mirrors, control: text = control }: Omit<Case, 'name'>) {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-download-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const files = new Map<string, Buffer>();
  for (const [index, file] of mirrors.entries()) if (file) files.set(`${index}/${path}`, file);
  const archives = { toy: mirrors.map((_, index) => ({ base: `file:///toy/${index}` })) };
  const deps: DownloadDeps = {
    ...toyDeps({ ...toyConfig(''), archives }, files),
    blobs: createFilesystemBlobs(directory),
    reader: {
      readControl: async () => ({ files: new Map([['control', { bytes: Buffer.from(text), mode: 0o644 }]]) }),
    },
  };
  return { deps, directory };
}

describe('group 31: packages', () => {
  for (const row of cases) {
    test(row.name, async (t) => {
      const { deps } = await setup(t, row);
      const rejected = await downloadPackages([upgrade], deps, signal, noProgress);
      if (row.detail === undefined) {
        assert.deepEqual(rejected, []);
        assert.equal(await deps.blobs.size(digestOf(content)), content.length);
      } else {
        assert.deepEqual(
          rejected.map(({ package: name, outcome }) => [name, outcome]),
          [['tool', 'download_failed']],
        );
        assert.match(rejected[0]?.detail ?? '', row.detail);
      }
    });
  }

  test('a wrong file leaves nothing behind', async (t) => {
    const { deps, directory } = await setup(t, { mirrors: [Buffer.from('evil')] });
    await downloadPackages([upgrade], deps, signal, noProgress);
    const names = await readdir(directory, { recursive: true, withFileTypes: true });
    assert.deepEqual(
      names.filter((entry) => entry.isFile()).map(({ name }) => name),
      [],
    );
  });

  test('what is in the store already is not asked for again', async (t) => {
    const { deps } = await setup(t, { mirrors: [undefined] });
    const digest: Digest = digestOf(content);
    await deps.blobs.put([content], { digest, size: content.length });
    assert.deepEqual(await downloadPackages([upgrade], deps, signal, noProgress), []);
  });

  test('a mirror that cannot be reached fails the task, not the package', async (t) => {
    const { deps } = await setup(t, { mirrors: [content] });
    const config = { ...deps.config, archives: { toy: [{ base: 'https://mirror.invalid' }] } };
    await assert.rejects(downloadPackages([upgrade], { ...deps, config }, signal, noProgress), {
      code: 'mirror_unavailable',
      hint: /fix\.archives\.toy/,
    });
  });

  test('a path that leaves the archive is not even asked for', async (t) => {
    const { deps } = await setup(t, { mirrors: [content] });
    const outside = { ...upgrade, path: '../../etc/shadow' };
    const [rejection] = await downloadPackages([outside], deps, signal, noProgress);
    assert.match(rejection?.detail ?? '', /not a safe relative path/);
  });

  test('progress counts bytes up to the whole', async (t) => {
    const { deps } = await setup(t, { mirrors: [content] });
    const seen: unknown[] = [];
    await downloadPackages([upgrade], deps, signal, (event) => seen.push(event));
    const total = content.length;
    assert.deepEqual(seen, [{ kind: 'progress', step: 'download', done: total, total, unit: 'bytes' }]);
  });
});
