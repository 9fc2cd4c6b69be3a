import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { applyToyPackages } from '../support/apply-packages.ts';
import { buildDeb, type ToyPackage } from '../support/deb-builder.ts';
import { listTree, temporaryDirectory } from '../support/debian-image.ts';
import { needs } from '../support/system.ts';
import { diffTrees } from '../support/tree-diff.ts';

/**
 * One image before and after: dpkg itself installs `before`, `edit` changes files as an administrator would, and dpkg
 * upgrades to `after`. The layer for the same packages must lead to the same tree, status file and lists included.
 */
interface Scenario {
  readonly name: string;
  readonly before: readonly ToyPackage[];
  readonly edit?: (root: string) => void;
  readonly after: readonly ToyPackage[];
  /** Whether files of other owners are made. */
  readonly needsRoot?: boolean;
  /** What dpkg's own record must say in the end, where the scenario is about that. */
  readonly status?: string;
  /** Paths where the layer differs on purpose, with the reason. */
  readonly except?: Readonly<Record<string, string>>;
}

const a = (version: string, more: Partial<ToyPackage> = {}): ToyPackage => ({ name: 'toy-a', version, ...more });
const b = (version: string, more: Partial<ToyPackage> = {}): ToyPackage => ({ name: 'toy-b', version, ...more });
const conf = (version: string, content: string): ToyPackage =>
  a(version, { files: { 'etc/toy.conf': content, 'usr/share/a': version }, control: { conffiles: '/etc/toy.conf\n' } });
const noConf = (version: string, control?: ToyPackage['control']): ToyPackage =>
  a(version, { files: { 'usr/share/a': version }, ...(control && { control }) });
const write = (path: string, content: string) => (root: string) => writeFileSync(join(root, path), content);
const bothArchitectures = (version: string, shared: Readonly<Record<string, string>>): ToyPackage[] =>
  ['amd64', 'i386'].map((arch) => ({
    name: 'lib',
    version,
    arch,
    fields: { 'Multi-Arch': 'same' },
    files: { ...shared, [`usr/lib/${arch}/lib.so`]: `${arch} ${version}` },
    control: { triggers: `interest-noawait /usr/lib/${arch}/${version}\n`, conffiles: '' },
  }));
/** Moves the configuration file to another place and leaves a link, which dpkg resolves the same way in every root. */
const linked = (content?: string) => (root: string) => {
  mkdirSync(join(root, 'etc/real'), { recursive: true });
  renameSync(join(root, 'etc/toy.conf'), join(root, 'etc/real/toy.conf'));
  if (content !== undefined) writeFileSync(join(root, 'etc/real/toy.conf'), content);
  symlinkSync('real/toy.conf', join(root, 'etc/toy.conf'));
};
const remove = (path: string) => (root: string) => rmSync(join(root, path));

const scenarios: Scenario[] = [
  {
    name: 'files change, come and go',
    before: [a('1', { files: { 'usr/x/old': '1', 'usr/x/same': 's', 'usr/x/new': '1' } })],
    after: [a('2', { files: { 'usr/x/same': 's', 'usr/x/new': '2', 'usr/y/z': '3' } })],
  },
  {
    name: 'a directory becomes empty and goes',
    before: [a('1', { files: { 'usr/d/e/f': '1', 'usr/g': '1' } })],
    after: [a('2', { files: { 'usr/g': '2' } })],
  },
  {
    name: 'a directory with a stranger stays',
    before: [a('1', { files: { 'usr/d/f': '1', 'usr/g': '1' } })],
    edit: write('usr/d/mine', 'x'),
    after: [a('2', { files: { 'usr/g': '2' } })],
  },
  {
    name: 'a file moves behind a merged directory',
    before: [a('1', { files: { 'lib/toy.so': '1', 'usr/lib/keep': 'k' } })],
    edit: (root) => {
      renameSync(join(root, 'lib/toy.so'), join(root, 'usr/lib/toy.so'));
      rmSync(join(root, 'lib'), { recursive: true });
      symlinkSync('usr/lib', join(root, 'lib'));
    },
    except: { lib: 'dpkg drops an unowned link that its list calls a directory; an image would break' },
    after: [a('2', { files: { 'usr/lib/toy.so': '2', 'usr/lib/keep': 'k' } })],
  },
  {
    name: 'links and hard links',
    before: [
      a('1', {
        files: { 'usr/f': 'x', 'usr/h': { type: 'hardlink', link: 'usr/f' }, 'usr/l': { type: 'symlink', link: 'f' } },
      }),
    ],
    after: [
      a('2', {
        files: { 'usr/f': 'y', 'usr/h': { type: 'hardlink', link: 'usr/f' }, 'usr/l': { type: 'symlink', link: 'h' } },
      }),
    ],
  },
  {
    name: 'a link where the image holds a directory',
    before: [a('1', { files: { 'usr/d/f': '1' } })],
    edit: write('usr/d/mine', 'x'),
    after: [a('2', { files: { 'usr/d': { type: 'symlink', link: 'e' }, 'usr/e/f': '2' } })],
  },
  {
    name: 'modes of the package win',
    before: [a('1', { files: { 'usr/f': '1' } })],
    edit: (root) => chmodSync(join(root, 'usr/f'), 0o600),
    after: [a('2', { files: { 'usr/f': { content: '2', mode: 0o755 } } })],
  },
  {
    name: 'statoverride',
    before: [a('1', { files: { 'usr/f': '1' } })],
    edit: write('var/lib/dpkg/statoverride', 'root root 4711 /usr/f\n'),
    after: [a('2', { files: { 'usr/f': '2' } })],
  },
  {
    name: 'owners by name, where the system knows the name',
    needsRoot: true,
    before: [a('1', { files: { 'usr/f': '1' } })],
    edit: (root) => {
      mkdirSync(join(root, 'etc'), { recursive: true });
      // The same numbers as on every Debian system, whichever of the two account files dpkg looks into.
      writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:\ndaemon:x:1:1::/:\n');
      writeFileSync(join(root, 'etc/group'), 'root:x:0:\ntty:x:5:\n');
    },
    after: [
      a('2', {
        files: {
          'usr/f': { content: '2', mode: 0o2755, group: 'tty' },
          'usr/g': { content: '2', uid: 4711, user: 'daemon', gid: 4711, group: 'nobody-knows-it' },
          'usr/h': { content: '2', uid: 4711, gid: 4712 },
        },
      }),
    ],
  },
  {
    name: 'local diversion',
    before: [a('1', { files: { 'usr/f': '1' } })],
    edit: (root) => {
      renameSync(join(root, 'usr/f'), join(root, 'usr/f.real'));
      writeFileSync(join(root, 'usr/f'), 'mine');
      writeFileSync(join(root, 'var/lib/dpkg/diversions'), '/usr/f\n/usr/f.real\n:\n');
    },
    after: [a('2', { files: { 'usr/f': '2' } })],
  },
  {
    name: 'replaces: the path changes hands',
    before: [a('1', { files: { 'usr/f': 'a', 'usr/g': 'a' } }), b('1', { files: { 'usr/h': 'b' } })],
    after: [b('2', { fields: { Replaces: 'toy-a (<< 2)' }, files: { 'usr/h': 'b', 'usr/f': 'b' } })],
  },
  {
    name: 'one package for two architectures',
    before: bothArchitectures('1', { 'usr/share/doc/lib/copyright': 'same', 'usr/share/lib/old': '1' }),
    after: bothArchitectures('2', { 'usr/share/doc/lib/copyright': 'changed', 'usr/share/lib/new': '2' }),
  },
  {
    name: 'a package becomes one for several architectures',
    before: [a('1', { arch: 'amd64', files: { 'usr/f': '1' }, control: { md5sums: '' } })],
    after: [a('2', { arch: 'amd64', files: { 'usr/f': '2' }, fields: { 'Multi-Arch': 'same' } })],
  },
  {
    name: 'control fields in normal form',
    before: [a('1', { files: { 'usr/f': '1' } })],
    after: [
      a('0:2', {
        files: { 'usr/f': '2' },
        fields: {
          Source: 'toy (2)',
          'Multi-Arch': 'foreign',
          'X-Odd': 'kept',
          Suggests: 'x(>=0:1)|y ,z ( = 3 )',
          Homepage: 'https://example.org',
          Description: 'short\n long\n .\n more',
        },
      }),
    ],
  },
  {
    name: 'triggers come and go',
    before: [
      a('1', { files: { 'usr/f': '1' }, control: { triggers: 'interest-noawait /usr/share/x\ninterest toy-name\n' } }),
    ],
    after: [
      a('2', {
        files: { 'usr/f': '2' },
        control: { triggers: 'interest-noawait /usr/share/x\ninterest-noawait /usr/share/y\n' },
      }),
    ],
  },
  {
    name: 'package without checksums',
    before: [a('1', { files: { 'usr/f': '1' } })],
    after: [a('2', { files: { 'usr/f': '2', 'usr/l': { type: 'symlink', link: 'f' } } })],
  },
  {
    name: 'a hold ends with an upgrade that somebody insists on; the planner never plans one',
    before: [a('1', { files: { 'usr/f': '1' } })],
    edit: (root) => run('dpkg', [`--root=${root}`, '--set-selections'], Buffer.from('toy-a hold\n')),
    after: [a('2', { files: { 'usr/f': '2' } })],
    status: 'install ok installed',
  },
  { name: 'conffile: new', before: [noConf('1')], after: [conf('2', 'n')] },
  {
    name: 'conffile: new, but something is there',
    before: [noConf('1')],
    edit: (root) => {
      mkdirSync(join(root, 'etc'), { recursive: true });
      writeFileSync(join(root, 'etc/toy.conf'), 'mine');
    },
    after: [conf('2', 'n')],
  },
  {
    name: 'conffile: unmodified, changed upstream',
    before: [conf('1', 'h')],
    edit: (root) => chmodSync(join(root, 'etc/toy.conf'), 0o600),
    after: [conf('2', 'n')],
  },
  {
    name: 'conffile: edited, same upstream',
    before: [conf('1', 'h')],
    edit: write('etc/toy.conf', 'edited'),
    after: [conf('2', 'h')],
  },
  {
    name: 'conffile: edited, changed upstream',
    before: [conf('1', 'h')],
    edit: (root) => {
      write('etc/toy.conf', 'edited')(root);
      write('etc/toy.conf.dpkg-old', 'o')(root);
    },
    after: [conf('2', 'n')],
  },
  {
    name: 'conffile: edited to the new content',
    before: [conf('1', 'h')],
    edit: write('etc/toy.conf', 'n'),
    after: [conf('2', 'n')],
  },
  {
    name: 'conffile: deleted, same upstream',
    before: [conf('1', 'h')],
    edit: remove('etc/toy.conf'),
    after: [conf('2', 'h')],
  },
  {
    name: 'conffile: deleted, changed upstream',
    before: [conf('1', 'h')],
    edit: remove('etc/toy.conf'),
    after: [conf('2', 'n')],
  },
  { name: 'conffile: not shipped any more', before: [conf('1', 'h')], after: [noConf('2')] },
  {
    name: 'conffile: not shipped any more and deleted',
    before: [conf('1', 'h')],
    edit: remove('etc/toy.conf'),
    after: [noConf('2')],
  },
  {
    name: 'conffile: not shipped any more, edited',
    before: [conf('1', 'h')],
    edit: write('etc/toy.conf', 'edited'),
    after: [noConf('2')],
  },
  {
    name: 'conffile: removed on upgrade',
    before: [conf('1', 'h')],
    after: [noConf('2', { conffiles: 'remove-on-upgrade /etc/toy.conf\n' })],
  },
  {
    name: 'conffile: removed on upgrade, edited',
    before: [conf('1', 'h')],
    edit: write('etc/toy.conf', 'edited'),
    after: [noConf('2', { conffiles: 'remove-on-upgrade /etc/toy.conf\n' })],
  },
  {
    name: 'conffile: new, but a link is there',
    before: [noConf('1')],
    edit: (root) => {
      mkdirSync(join(root, 'etc'), { recursive: true });
      symlinkSync('nowhere', join(root, 'etc/toy.conf'));
    },
    after: [conf('2', 'n')],
  },
  { name: 'conffile: a link, same upstream', before: [conf('1', 'h')], edit: linked(), after: [conf('2', 'h')] },
  { name: 'conffile: a link, changed upstream', before: [conf('1', 'h')], edit: linked(), after: [conf('2', 'n')] },
  { name: 'conffile: a link, edited', before: [conf('1', 'h')], edit: linked('edited'), after: [conf('2', 'n')] },
  { name: 'conffile: a link, not shipped any more', before: [conf('1', 'h')], edit: linked(), after: [noConf('2')] },
  {
    name: 'conffile: a link, removed on upgrade',
    before: [conf('1', 'h')],
    edit: linked(),
    after: [noConf('2', { conffiles: 'remove-on-upgrade /etc/toy.conf\n' })],
  },
  {
    name: 'conffile: a link, removed on upgrade, edited',
    before: [conf('1', 'h')],
    edit: linked('edited'),
    after: [noConf('2', { conffiles: 'remove-on-upgrade /etc/toy.conf\n' })],
  },
];

const ignored = [
  'var/lib/dpkg/status-old',
  'var/lib/dpkg/available',
  'var/lib/dpkg/lock',
  'var/lib/dpkg/lock-frontend',
  'var/lib/dpkg/triggers/Lock',
  'var/lib/dpkg/triggers/Unincorp',
  'var/lib/dpkg/diversions-old',
  'var/lib/dpkg/statoverride-old',
];

for (const { name, before, edit, after, status, needsRoot, except = {} } of scenarios) {
  test(`as dpkg does it: ${name}`, async (t) => {
    const system = needs(t, 'dpkg', 'tar', 'python3');
    if (!system) return;
    if (needsRoot && process.getuid?.() !== 0) return t.skip('needs root');
    await using directory = await temporaryDirectory();
    const root = join(directory.path, 'dpkg');
    for (const folder of ['var/lib/dpkg/info', 'var/lib/dpkg/updates', 'var/lib/dpkg/triggers']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    writeFileSync(join(root, 'var/lib/dpkg/status'), '');
    writeFileSync(join(root, 'var/lib/dpkg/info/format'), '1\n');
    for (const arch of ['amd64', 'i386']) run('dpkg', [`--root=${root}`, '--add-architecture', arch]);
    dpkg(directory.path, root, before);
    edit?.(root);
    const base = run('tar', ['-C', root, '--numeric-owner', '-cf', '-', '.']);
    dpkg(directory.path, root, after);
    if (status !== undefined) assert.match(statusFile(root), new RegExp(`^Status: ${status}$`, 'm'));

    const result = await applyToyPackages(base, after);
    assert.ok('layer' in result, JSON.stringify(result));
    const merged = join(directory.path, 'merged');
    mkdirSync(merged);
    run('tar', ['-C', merged, '-xpf', '-'], base);
    for (const path of whiteouts(run('tar', ['-tzf', '-'], result.layer).toString())) {
      rmSync(join(merged, path), { recursive: true });
    }
    run('tar', ['-C', merged, '--exclude=.wh.*', '-xzpf', '-'], result.layer);

    assert.deepEqual(diffTrees(await listTree(root), await listTree(merged), [...ignored, ...Object.keys(except)]), []);
    assert.deepEqual(result.check.problems, []);
    assert.deepEqual(result.check.mismatches, []);
  });
}

function dpkg(directory: string, root: string, packages: readonly ToyPackage[]): void {
  const files = packages.map((pkg) => {
    const file = join(directory, `${pkg.name}-${pkg.arch ?? 'all'}.deb`);
    writeFileSync(file, buildDeb(pkg));
    return file;
  });
  run('dpkg', [
    `--root=${root}`,
    '--force-confold,confdef,script-chrootless,not-root',
    '--no-triggers',
    '--install',
    ...files,
  ]);
}

function statusFile(root: string): string {
  return readFileSync(join(root, 'var/lib/dpkg/status'), 'latin1');
}

function run(program: string, args: string[], input?: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, {
    maxBuffer: 1 << 28,
    env: { PATH: process.env.PATH, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    ...(input && { input }),
  });
  assert.equal(status, 0, `${program}: ${stderr?.toString()}`);
  return stdout;
}

function whiteouts(listing: string): string[] {
  return listing.split('\n').flatMap((path) => {
    const at = path.lastIndexOf('/') + 1;
    return path.startsWith('.wh.', at) ? [path.slice(0, at) + path.slice(at + 4)] : [];
  });
}
