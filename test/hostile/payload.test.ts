import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyToyPackages } from '../support/apply-packages.ts';
import type { ToyPackage } from '../support/deb-builder.ts';
import { type TarMember, tar } from '../support/test-image.ts';

/** Group 32 of hostile-inputs.md: packages that reach for what is not theirs. */
interface Row {
  readonly name: string;
  readonly image: Readonly<Record<string, string | TarMember>>;
  readonly package: Partial<ToyPackage>;
  /** Outcome of the refusal, or what must hold in the merged image. */
  readonly expect: 'conflict' | 'unsupported' | 'needs_script' | ((result: Applied) => void);
}

type Applied = Extract<Awaited<ReturnType<typeof applyToyPackages>>, { layer: Buffer }>;

const record = (name: string, extra = ''): string =>
  `Package: ${name}\nStatus: install ok installed\nPriority: optional\nSection: misc\nMaintainer: T <t@example.org>\nArchitecture: all\nVersion: 1\n${extra}Description: toy\n\n`;
const database = (lists: Readonly<Record<string, string>>, status = ''): Record<string, string> => ({
  'var/lib/dpkg/status': Object.keys(lists)
    .map((name) => record(name, name === 'evil' ? status : ''))
    .join(''),
  'var/lib/dpkg/info/format': '1\n',
  ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [`var/lib/dpkg/info/${name}.list`, `/.\n${list}`])),
});
const text = (result: Applied, path: string): string => Buffer.from(result.view.small(path) ?? []).toString();

const rows: Row[] = [
  {
    name: 'path with ..',
    image: database({ evil: '' }),
    package: { raw: { './../escape': 'x' } },
    expect: 'unsupported',
  },
  {
    name: 'path with a newline',
    image: database({ evil: '' }),
    package: { raw: { './usr/a\nb': 'x' } },
    expect: 'unsupported',
  },
  {
    name: 'shell of another package',
    image: { ...database({ evil: '', dash: '/bin/sh\n' }), 'bin/sh': 'shell' },
    package: { files: { 'bin/sh': 'evil' } },
    expect: 'conflict',
  },
  {
    name: 'shell of another package through a link',
    image: {
      ...database({ evil: '', dash: '/usr/bin/sh\n' }),
      'usr/bin/sh': 'shell',
      bin: { type: 'symlink', link: 'usr/bin' },
    },
    package: { files: { 'bin/sh': 'evil' } },
    expect: 'conflict',
  },
  {
    name: 'file over a directory',
    image: { ...database({ evil: '' }), 'opt/d/': { type: 'directory' }, 'opt/d/f': 'x' },
    package: { files: { 'opt/d': 'evil' } },
    expect: 'conflict',
  },
  {
    name: 'link over a directory',
    image: { ...database({ evil: '' }), 'opt/d/': { type: 'directory' }, 'opt/d/f': 'x' },
    package: { files: { 'opt/d': { type: 'symlink', link: '/etc' } } },
    expect: ({ view }) => assert.equal(view.entry('opt/d')?.type, 'directory'),
  },
  {
    name: 'files below a link that leads out of the root',
    image: { ...database({ evil: '' }), out: { type: 'symlink', link: '../../../etc' }, 'etc/': { type: 'directory' } },
    package: { files: { 'out/passwd2': 'x' } },
    expect: ({ view }) => assert.equal(view.entry('etc/passwd2')?.type, 'file'),
  },
  {
    name: 'files below a cycle of links',
    image: { ...database({ evil: '' }), a: { type: 'symlink', link: 'b' }, b: { type: 'symlink', link: 'a' } },
    package: { files: { 'a/f': 'x' } },
    expect: 'conflict',
  },
  {
    name: 'new setuid program',
    image: database({ evil: '' }),
    package: { files: { 'usr/bin/root': { content: 'x', mode: 0o4755 } } },
    expect: ({ applied }) => assert.ok(applied.diagnostics.some(({ code }) => code === 'new_setuid')),
  },
  {
    name: 'configuration that the user changed',
    image: {
      ...database({ evil: '/etc/evil.conf\n' }, `Conffiles:\n /etc/evil.conf ${'0'.repeat(32)}\n`),
      'etc/evil.conf': 'mine',
    },
    package: { files: { 'etc/evil.conf': 'theirs' }, control: { conffiles: '/etc/evil.conf\n' } },
    expect: (result) => {
      assert.equal(text(result, 'etc/evil.conf'), 'mine');
      assert.equal(text(result, 'etc/evil.conf.dpkg-dist'), 'theirs');
    },
  },
  {
    name: 'configuration behind a link keeps its place',
    image: {
      ...database({ evil: '/etc/evil.conf\n' }, 'Conffiles:\n /etc/evil.conf 2510c39011c5be704182423e3a695e91\n'),
      'etc/real.conf': 'h',
      'etc/evil.conf': { type: 'symlink', link: 'real.conf' },
    },
    package: { files: { 'etc/evil.conf': 'n' }, control: { conffiles: '/etc/evil.conf\n' } },
    expect: (result) => {
      assert.equal(result.view.entry('etc/evil.conf')?.link, 'real.conf');
      // As in dpkg, checked by the oracle test: neither link nor file is touched.
      assert.equal(text(result, 'etc/real.conf'), 'h');
      assert.equal(text(result, 'etc/evil.conf.dpkg-new'), 'n');
    },
  },
  {
    name: 'hard link to a file outside the package',
    image: { ...database({ evil: '' }), 'etc/shadow': 'secret' },
    package: { files: { 'usr/f': { type: 'hardlink', link: 'etc/shadow' } } },
    expect: 'conflict',
  },
  {
    name: 'new script',
    image: database({ evil: '' }),
    package: { control: { postinst: { content: '#!/bin/sh\nrm -rf /\n', mode: 0o755 } } },
    expect: 'needs_script',
  },
  {
    name: 'control file of another package',
    image: database({ evil: '' }),
    package: { fields: { Package: 'libc6' } },
    expect: 'unsupported',
  },
  {
    name: 'database with a file that was not finished',
    image: { ...database({ evil: '' }), 'var/lib/dpkg/updates/0001': 'x' },
    package: { files: { 'usr/f': 'x' } },
    expect: 'unsupported',
  },
];

for (const { name, image, package: pkg, expect } of rows) {
  test(`group 32: ${name}`, async () => {
    const result = await applyToyPackages(tar(image), [{ name: 'evil', version: '2', ...pkg }]);
    if (typeof expect === 'string') {
      assert.ok('rejected' in result, 'the package was applied');
      assert.deepEqual(
        result.rejected.map((rejection) => rejection.outcome),
        [expect],
        JSON.stringify(result.rejected),
      );
    } else {
      assert.ok('layer' in result, JSON.stringify(result));
      expect(result);
      assert.deepEqual(result.check.problems, []);
    }
  });
}
