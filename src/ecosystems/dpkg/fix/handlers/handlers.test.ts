import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyToyPackages } from '../../../../../test/support/apply-packages.ts';
import type { ToyPackage } from '../../../../../test/support/deb-builder.ts';
import { type TarMember, tar } from '../../../../../test/support/test-image.ts';

const status = `Package: toy\nStatus: install ok installed\nPriority: optional\nSection: misc\nMaintainer: T <t@example.org>\nArchitecture: all\nVersion: 1\nDescription: toy\n\n`;

/** An image in which version 1 of `toy` owns the files, plus what nobody owns. */
function image(
  owned: Readonly<Record<string, string | TarMember>>,
  loose: Readonly<Record<string, string>> = {},
): Buffer {
  const paths = new Set<string>();
  for (const path of Object.keys(owned)) {
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
      paths.add(path.slice(0, slash));
    paths.add(path);
  }
  return tar({
    'var/lib/dpkg/status': status,
    'var/lib/dpkg/info/format': '1\n',
    'var/lib/dpkg/info/toy.list': `/.\n${[...paths].map((path) => `/${path}\n`).join('')}`,
    ...owned,
    ...loose,
  });
}

const upgrade = (files: ToyPackage['files'] = {}, control: ToyPackage['control'] = {}): ToyPackage[] => [
  { name: 'toy', version: '2', files, control },
];

async function applied(base: Buffer, packages: readonly ToyPackage[]) {
  const result = await applyToyPackages(base, packages);
  assert.ok('layer' in result, JSON.stringify(result));
  assert.deepEqual(result.check, { files: result.check.files, mismatches: [], problems: [] });
  return result;
}

async function refused(base: Buffer, packages: readonly ToyPackage[]): Promise<string> {
  const result = await applyToyPackages(base, packages);
  assert.ok('rejected' in result, 'the package was applied');
  assert.deepEqual(
    result.rejected.map((rejection) => [rejection.package, rejection.outcome]),
    [['toy', 'needs_script']],
  );
  return result.rejected[0]?.detail ?? '';
}

test('bytecode of changed and removed modules goes, of unchanged ones stays', async () => {
  const base = image(
    { 'usr/lib/p/a.py': '1', 'usr/lib/p/b.py': '1', 'usr/lib/p/c.py': '1', 'usr/lib/q/d.py': '1' },
    {
      'usr/lib/p/__pycache__/a.cpython-311.pyc': 'x',
      'usr/lib/p/__pycache__/b.cpython-311.pyc': 'x',
      'usr/lib/p/__pycache__/c.cpython-311.pyc': 'x',
      'usr/lib/q/__pycache__/d.cpython-311.pyc': 'x',
    },
  );
  const { view } = await applied(base, upgrade({ 'usr/lib/p/a.py': '2', 'usr/lib/p/b.py': '1' }));
  assert.deepEqual(view.children('usr/lib/p/__pycache__'), ['b.cpython-311.pyc']);
  assert.equal(view.entry('usr/lib/q'), undefined);
});

test('a cache of bytecode goes with the last module, beside other files and with all directories above', async () => {
  const base = image(
    { 'usr/lib/p/a.py': '1', 'usr/lib/p/data': '1', 'usr/lib/q/r/b.py': '1', 'usr/lib/s/c.py': '1' },
    {
      'usr/lib/p/__pycache__/a.cpython-311.pyc': 'x',
      'usr/lib/p/__pycache__/a.cpython-311.opt-1.pyc': 'x',
      'usr/lib/q/r/__pycache__/b.cpython-311.pyc': 'x',
      'usr/lib/s/__pycache__/c.cpython-311.pyc': 'x',
    },
  );
  const { view } = await applied(base, upgrade({ 'usr/lib/p/data': '2', 'usr/lib/s/d.py': '2' }));
  assert.deepEqual(view.children('usr/lib/p'), ['data']);
  assert.equal(view.entry('usr/lib/q'), undefined);
  assert.deepEqual(view.children('usr/lib/s'), ['__pycache__', 'd.py']);
});

test('a library file may change its version while the link with the soname stays', async () => {
  const link = (target: string): TarMember => ({ type: 'symlink', link: target });
  const base = image(
    { 'usr/lib/libtoy.so.1.1': 'old', 'usr/lib/libtoy.so.1': link('libtoy.so.1.1') },
    { 'etc/ld.so.cache': 'cache' },
  );
  const { view } = await applied(
    base,
    upgrade({ 'usr/lib/libtoy.so.1.2': 'new', 'usr/lib/libtoy.so.1': link('libtoy.so.1.2') }),
  );
  assert.equal(view.entry('usr/lib/libtoy.so.1.1'), undefined);
});

test('a new soname needs a new library cache, if there is one', async () => {
  const files = { 'usr/lib/libtoy.so.2': 'new' };
  await applied(image({ 'usr/lib/libtoy.so.1': 'old' }), upgrade(files));
  const base = image({ 'usr/lib/libtoy.so.1': 'old' }, { 'etc/ld.so.cache': 'cache' });
  assert.match(await refused(base, upgrade(files)), /libtoy\.so/);
});

test('configured directories and the configuration itself count for the library cache', async () => {
  const loose = { 'etc/ld.so.cache': 'cache', 'etc/ld.so.conf.d/toy.conf': '# toys\n/opt/toy\n' };
  const base = image({ 'opt/toy/libtoy.so.1': 'old', 'opt/other/libtoy.so.1': 'old' }, loose);
  const library = { 'opt/toy/libtoy.so.1': 'new' };
  await applied(base, upgrade({ ...library, 'opt/other/libtoy.so.2': 'new' }));
  assert.match(await refused(base, upgrade({ 'opt/toy/libtoy.so.2': 'new' })), /opt\/toy\/libtoy\.so\.[12]/);
  assert.match(await refused(base, upgrade({ ...library, 'etc/ld.so.conf.d/b.conf': '/opt' })), /b\.conf changes/);
});

test('compiled settings are stale only when a schema changes', async () => {
  const schema = 'usr/share/glib-2.0/schemas/toy.xml';
  const compiled = { 'usr/share/glib-2.0/schemas/gschemas.compiled': 'x' };
  await applied(image({ [schema]: '1' }), upgrade({ [schema]: '2' }));
  await applied(image({ [schema]: '1', 'usr/f': '1' }, compiled), upgrade({ [schema]: '1', 'usr/f': '2' }));
  assert.match(await refused(image({ [schema]: '1' }, compiled), upgrade({ [schema]: '2' })), /settings schemas/);
});

test('an unknown file trigger counts when its input changes', async () => {
  const holder = { 'var/lib/dpkg/triggers/File': '/usr/share/odd other\n' };
  await applied(
    image({ 'usr/share/odd/a': '1', 'usr/f': '1' }, holder),
    upgrade({ 'usr/share/odd/a': '1', 'usr/f': '2' }),
  );
  assert.match(await refused(image({ 'usr/share/odd/a': '1' }, holder), upgrade({ 'usr/share/odd/a': '2' })), /other/);
});

test('a mode that a script sets is kept', async () => {
  const agent = 'usr/bin/agent';
  const postinst = '#!/bin/sh\nchgrp _toy /usr/bin/agent\nchmod 2755 /usr/bin/agent\n';
  const base = image(
    { [agent]: { content: '1', mode: 0o2755, gid: 105 } },
    { 'var/lib/dpkg/info/toy.postinst': postinst },
  );
  const { view } = await applied(base, upgrade({ [agent]: { content: '2', mode: 0o755 } }, { postinst }));
  assert.deepEqual([view.entry(agent)?.mode, view.entry(agent)?.gid], [0o2755, 105]);
});

test('a helper line retires a configuration file', async () => {
  const md5 = '2510c39011c5be704182423e3a695e91'; // of the one letter h
  const base = (content: string): Buffer =>
    tar({
      'var/lib/dpkg/status': status.replace('Description', `Conffiles:\n /etc/toy.conf ${md5}\nDescription`),
      'var/lib/dpkg/info/toy.list': '/.\n/etc\n/etc/toy.conf\n',
      'var/lib/dpkg/info/toy.preinst': `#!/bin/sh\ndpkg-maintscript-helper rm_conffile /etc/toy.conf 1.5~ toy -- "$@"\n`,
      'etc/toy.conf': content,
    });
  const preinst = `#!/bin/sh\ndpkg-maintscript-helper rm_conffile /etc/toy.conf 1.5~ toy -- "$@"\n`;
  const clean = await applied(base('h'), upgrade({}, { preinst }));
  assert.equal(clean.view.entry('etc/toy.conf'), undefined);
  const edited = await applied(base('mine'), upgrade({}, { preinst }));
  assert.equal(Buffer.from(edited.view.small('etc/toy.conf.dpkg-bak') ?? []).toString(), 'mine');
  assert.doesNotMatch(Buffer.from(edited.view.small('var/lib/dpkg/status') ?? []).toString(), /Conffiles/);
});

test('a distroless image gets its record and checksums rewritten under the old name', async () => {
  const base = tar({
    'var/lib/dpkg/status.d/t0y': 'Package: toy\nVersion: 1\nArchitecture: all\nDescription: toy\n',
    'var/lib/dpkg/status.d/t0y.md5sums':
      'c4ca4238a0b923820dcc509a6f75849b  usr/f\nc4ca4238a0b923820dcc509a6f75849b  usr/old\n',
    'usr/f': '1',
    'usr/old': '1',
    'etc/toy.conf': 'mine',
  });
  const sums = 'c81e728d9d4c2f636f067f89cc14862c  usr/f\n';
  const { view } = await applied(
    base,
    upgrade({ 'usr/f': '2', 'etc/toy.conf': 'theirs' }, { md5sums: sums, conffiles: '/etc/toy.conf\n', postinst: 'x' }),
  );
  assert.equal(Buffer.from(view.small('var/lib/dpkg/status.d/t0y.md5sums') ?? []).toString(), sums);
  assert.match(Buffer.from(view.small('var/lib/dpkg/status.d/t0y') ?? []).toString(), /^Package: toy\nVersion: 2\n/);
  assert.equal(Buffer.from(view.small('etc/toy.conf') ?? []).toString(), 'mine');
  assert.equal(view.entry('usr/old'), undefined);
  assert.equal(view.entry('var/lib/dpkg/status'), undefined);
});

/** An image with a boot image or not, in whose database a package is interested in a trigger. */
const interested = (trigger: string, holder: string, loose: Readonly<Record<string, string>> = {}): Buffer =>
  image(
    { 'usr/share/man/toy.1': '1', 'etc/php/8.2/cli/conf.d/toy.ini': '1', 'usr/share/menu/toy': '1' },
    {
      ...(trigger.startsWith('/')
        ? { 'var/lib/dpkg/triggers/File': `${trigger} ${holder}\n` }
        : { [`var/lib/dpkg/triggers/${trigger}`]: `${holder}\n` }),
      ...loose,
    },
  );
const allChanged = { 'usr/share/man/toy.1': '2', 'etc/php/8.2/cli/conf.d/toy.ini': '2', 'usr/share/menu/toy': '2' };

const triggerRows: readonly [
  name: string,
  base: Buffer,
  control: ToyPackage['control'],
  refused: RegExp | undefined,
][] = [
  ['the index of manual pages is a cache', interested('/usr/share/man', 'man-db/noawait'), {}, undefined],
  ['the same path of another package counts', interested('/usr/share/man', 'other'), {}, /other wants to process/],
  ['a restart of an interpreter', interested('/etc/php/8.2/cli/conf.d', 'php8.2-cli/noawait'), {}, undefined],
  ['generated menus', interested('/usr/share/menu', 'menu'), {}, /menu wants to process/],
  [
    'a reload of a web server',
    interested('nginx-reload', 'nginx-core/noawait'),
    { triggers: 'activate nginx-reload\n' },
    undefined,
  ],
  [
    'a name that only sounds like a reload',
    interested('odd-reload', 'odd'),
    { triggers: 'activate odd-reload\n' },
    /odd-reload/,
  ],
  ['a name that nobody activates', interested('odd-reload', 'odd'), {}, undefined],
  [
    'no boot image',
    interested('update-initramfs', 'initramfs-tools'),
    { triggers: 'activate update-initramfs\n' },
    undefined,
  ],
  [
    'a boot image',
    interested('update-initramfs', 'initramfs-tools', { 'boot/initrd.img-6': 'x' }),
    { triggers: 'activate update-initramfs\n' },
    /update-initramfs/,
  ],
];
for (const [name, base, control, message] of triggerRows) {
  test(`triggers: ${name}`, async () => {
    const packages = upgrade(allChanged, control);
    if (message === undefined) await applied(base, packages);
    else assert.match(await refused(base, packages), message);
  });
}

test('triggers: a script that was there before activates a name', async () => {
  const script = '#!/bin/sh\ndpkg-trigger --no-await odd-name\n';
  const base = interested('odd-name', 'odd', { 'var/lib/dpkg/info/toy.postinst': script });
  assert.match(await refused(base, upgrade(allChanged, { postinst: script })), /activates the trigger odd-name of odd/);
});
