import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { program, testChecks } from '../../../../test/support/check-cases.ts';
import { checkOutcome, detect, detectorOptions, type LayerFiles } from '../../../../test/support/detection.ts';
import { rpmHeader, rpmSqlite } from '../../../../test/support/rpm-database.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** A package of dpkg with files and, unless told otherwise, their checksums. */
function deb(name: string, files: Readonly<Record<string, string>>, sums = files): LayerFiles {
  return {
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    'var/lib/dpkg/status': `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0\n\n`,
    [`var/lib/dpkg/info/${name}.list`]: Object.keys(files)
      .map((path) => `/${path}\n`)
      .join(''),
    [`var/lib/dpkg/info/${name}.md5sums`]: Object.entries(sums)
      .map(([path, content]) => `${md5(content)}  ${path}\n`)
      .join(''),
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A program of rpm with the content `x`, and what the database says of it. */
const rpmImage = (digest: string, flags = 0): LayerFiles => ({
  'etc/os-release': 'ID=almalinux\nVERSION_ID="9.4"\n',
  'var/lib/rpm/rpmdb.sqlite': rpmSqlite([
    rpmHeader({ name: 'app', files: ['/usr/bin/app'], digests: [digest], flags: [flags] }),
  ]).database,
  'usr/bin/app': { mode: 0o755, content: 'x' },
});

const setuid = { mode: 0o4755, content: 'x' };
/** Revision 2, effective, one permitted bit. */
const capability = (bit: number): { xattrs: Record<string, Buffer>; mode: number } => {
  const value = Buffer.alloc(20);
  value.writeUInt32LE(0x0200_0001, 0);
  value.writeUInt32LE(bit < 32 ? 2 ** bit : 0, 4);
  value.writeUInt32LE(bit < 32 ? 0 : 2 ** (bit - 32), 12);
  return { xattrs: { 'security.capability': value }, mode: 0o755 };
};
const passwd = 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/app:/bin/sh\n';
const group = 'root:x:0:\nshadow:x:42:\napp:x:1000:\n';

testChecks({
  'FS-001': [
    ['none', { 'usr/bin/su': program }, 'pass'],
    ['as the distribution ships it', { ...deb('login', { 'usr/bin/su': 'x' }), 'usr/bin/su': setuid }, 'fail:low'],
    ['changed', { ...deb('login', { 'usr/bin/su': 'y' }), 'usr/bin/su': setuid }, 'fail:high'],
    ['nobody owns it', { 'usr/bin/su': setuid }, 'fail:high'],
    ['shell', { ...deb('bash', { 'bin/bash': 'x' }), 'bin/bash': setuid }, 'fail:high'],
    [
      'interpreter, setgid',
      { ...deb('python', { 'usr/bin/python3.11': 'x' }), 'usr/bin/python3.11': { ...setuid, mode: 0o2755 } },
      'fail:high',
    ],
    ['other program of a package', { ...deb('app', { 'usr/bin/app': 'x' }), 'usr/bin/app': setuid }, 'fail:medium'],
    ['setgid directory', { 'var/mail': { type: 'directory', mode: 0o2775 } }, 'pass'],
    [
      'merged directories',
      { bin: { type: 'symlink', link: 'usr/bin' }, ...deb('login', { 'bin/su': 'x' }), 'usr/bin/su': setuid },
      'fail:low',
    ],
  ],
  'FS-002': [
    ['no attributes', { 'usr/bin/ping': program }, 'not_applicable'],
    ['other attributes', { 'usr/bin/ping': { ...program, xattrs: { 'user.a': Buffer.from('b') } } }, 'pass'],
    ['net_raw (13)', { 'usr/bin/ping': capability(13) }, 'fail:medium'],
    ['sys_admin (21)', { 'usr/bin/x': capability(21) }, 'fail:high'],
    ['bpf (39)', { 'usr/bin/x': capability(39) }, 'fail:high'],
    ['damaged', { 'usr/bin/x': { mode: 0o755, xattrs: { 'security.capability': Buffer.from('abc') } } }, 'fail:medium'],
  ],
  'FS-003': [
    ['none', { 'etc/a': 'x', tmp: { type: 'directory', mode: 0o1777 } }, 'pass'],
    ['file', { 'etc/a': { content: 'x', mode: 0o666 } }, 'fail:medium'],
    ['directory', { data: { type: 'directory', mode: 0o777 } }, 'fail:medium'],
    ['link', { 'etc/b': 'x', 'etc/a': { type: 'symlink', link: 'b', mode: 0o777 } }, 'pass'],
  ],
  'FS-004': [
    ['no files', {}, 'not_applicable'],
    [
      'as they should be',
      {
        'etc/passwd': passwd,
        'etc/group': group,
        'etc/shadow': { content: 'root:*:::::::\n', mode: 0o640, gid: 42 },
        'etc/sudoers': { content: '', mode: 0o440 },
      },
      'pass',
    ],
    ['passwd writable', { 'etc/passwd': { content: passwd, mode: 0o664 } }, 'fail:high'],
    ['passwd of a user', { 'etc/passwd': { content: passwd, uid: 1000 } }, 'fail:high'],
    ['shadow readable', { 'etc/shadow': { content: '', mode: 0o644 } }, 'fail:high'],
    [
      'shadow of another group',
      { 'etc/group': group, 'etc/shadow': { content: '', mode: 0o640, gid: 1000 } },
      'fail:high',
    ],
    ['shadow without rights', { 'etc/shadow': { content: '', mode: 0 } }, 'pass'],
    ['sudoers writable', { 'etc/sudoers': { content: '', mode: 0o640 } }, 'fail:high'],
  ],
  'FS-005': [
    ['no passwd', { 'app/a': { content: 'x', uid: 5000 } }, 'not_applicable'],
    ['known', { 'etc/passwd': passwd, 'etc/group': group, 'app/a': { content: 'x', uid: 1000, gid: 42 } }, 'pass'],
    ['half a line', { 'etc/passwd': 'root:x:0\n', 'app/a': 'x' }, 'pass'],
    ['passwd too large', { 'etc/passwd': 'a:x:0:0::/:\n'.repeat(400_000) }, 'unknown:too_large'],
    ['unknown user', { 'etc/passwd': passwd, 'app/a': { content: 'x', uid: 5000 } }, 'fail:low'],
    ['unknown group', { 'etc/passwd': passwd, 'etc/group': group, 'app/a': { content: 'x', gid: 5000 } }, 'fail:low'],
  ],
  'FS-006': [
    ['as it should be', { 'usr/bin': { type: 'directory' }, 'opt/x': { type: 'directory', mode: 0o777 } }, 'pass'],
    ['of a user', { 'opt/bin': { type: 'directory', uid: 1000 } }, 'fail:medium', { Env: ['PATH=/opt/bin:/usr/bin'] }],
    ['not in the path', { 'opt/bin': { type: 'directory', uid: 1000 } }, 'pass', { Env: ['PATH=/usr/bin'] }],
    [
      'linker',
      { 'etc/ld.so.conf.d/a.conf': '# x\n/opt/lib\n', 'opt/lib': { type: 'directory', mode: 0o1777 } },
      'fail:medium',
    ],
    [
      'modules',
      { 'usr/local/lib/python3.11/site-packages': { type: 'directory', mode: 0o775, gid: 50 } },
      'fail:medium',
    ],
    [
      'by a link',
      { bin: { type: 'symlink', link: 'usr/bin' }, 'usr/bin': { type: 'directory', mode: 0o775, gid: 5 } },
      'fail:medium',
      { Env: ['PATH=/bin'] },
    ],
  ],
  'FS-007': [
    ['no packages', {}, 'not_applicable'],
    ['unmodified', { ...deb('app', { 'usr/bin/app': 'x' }), 'usr/bin/app': { mode: 0o755, content: 'x' } }, 'pass'],
    ['modified', { ...deb('app', { 'usr/bin/app': 'y' }), 'usr/bin/app': { mode: 0o755, content: 'x' } }, 'fail:high'],
    ['missing', deb('app', { 'usr/bin/app': 'y' }), 'unknown:not_hashed'],
    [
      'merged directories',
      { bin: { type: 'symlink', link: 'usr/bin' }, ...deb('app', { 'bin/app': 'y' }), 'usr/bin/app': 'x' },
      'fail:high',
    ],
    [
      'a link in its place',
      {
        ...deb('app', { 'usr/bin/app': 'y' }),
        'usr/bin/app': { type: 'symlink', link: 'other' },
        'usr/bin/other': 'x',
      },
      'unknown:not_hashed',
    ],
    [
      'configuration',
      {
        ...deb('app', { 'usr/bin/app': 'x', 'etc/pam.d/security/a': 'y' }),
        'usr/bin/app': 'x',
        'etc/pam.d/security/a': 'x',
        'var/lib/dpkg/info/app.conffiles': '/etc/pam.d/security/a\n',
      },
      'pass',
    ],
    [
      'diverted',
      {
        ...deb('app', { 'usr/bin/app': 'x' }),
        'usr/bin/app': 'of another package',
        'usr/bin/app.real': 'x',
        'var/lib/dpkg/diversions': '/usr/bin/app\n/usr/bin/app.real\nwrapper\n',
      },
      'pass',
    ],
    ['rpm, unmodified', rpmImage(sha256('x')), 'pass'],
    ['rpm, modified', rpmImage(sha256('y')), 'fail:high'],
    ['rpm, configuration', rpmImage(sha256('y'), 1), 'not_applicable'],
    ['rpm of old, modified', rpmImage(md5('y')), 'fail:high'],
    [
      'apk',
      {
        'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
        'lib/apk/db/installed': 'P:musl\nV:1.2.5-r0\nA:x86_64\n\n',
      },
      'unknown:checksum_kind',
    ],
  ],
  'FS-010': [
    ['none', { 'dev/null': { type: 'char', device: [1, 3], mode: 0o666 }, proc: { type: 'directory' } }, 'pass'],
    ['device', { 'dev/sda': { type: 'block', device: [8, 0] } }, 'fail:high'],
    ['device of another kind', { 'dev/null': { type: 'char', device: [1, 1] } }, 'fail:high'],
    ['socket', { 'var/run/docker.sock': '' }, 'fail:high'],
    ['credentials', { 'etc/kubernetes/admin.conf': 'kind: Config\n' }, 'fail:high'],
    ['content below /proc', { 'proc/cpuinfo': 'x' }, 'fail:high'],
    ['daemon', { 'etc/docker/daemon.json': '{"hosts":["unix:///run/docker.sock","tcp://0.0.0.0:2375"]}' }, 'fail:high'],
    ['daemon on its socket', { 'etc/docker/daemon.json': '{"hosts":["unix:///run/docker.sock"]}' }, 'pass'],
  ],
  'FS-011': [
    ['none', { 'usr/bin/ls': program, 'usr/share/gcc': 'x' }, 'pass'],
    ['compiler', { 'usr/bin/x86_64-linux-gnu-gcc-12': program }, 'fail:low'],
    ['network', { 'bin/nc': program }, 'fail:low'],
    ['applet', { 'bin/busybox': program, 'usr/bin/nc': { type: 'symlink', link: '/bin/busybox' } }, 'pass'],
    ['old name of ssh', { 'usr/bin/ssh': program, 'usr/bin/rsh': { type: 'symlink', link: '/usr/bin/ssh' } }, 'pass'],
    [
      'rsh itself',
      { 'usr/bin/rsh': { type: 'symlink', link: '/usr/bin/netkit-rsh' }, 'usr/bin/netkit-rsh': program },
      'fail:low',
    ],
    ['for building', { 'usr/bin/gcc': program }, 'not_applicable', { Labels: { 'io.drydock.role': 'builder' } }],
    ['package manager', { ...deb('apt', { 'usr/bin/apt': 'x' }), 'usr/bin/apt': program }, 'pass'],
    [
      'package manager where none should be',
      {
        'var/lib/dpkg/status.d/base': 'Package: base\nVersion: 1\n\n',
        'var/lib/dpkg/status.d/base.md5sums': '',
        'usr/bin/apt': program,
      },
      'fail:low',
    ],
  ],
  'FS-012': [
    ['none', { 'app/main.py': 'x' }, 'pass'],
    ['build instructions', { 'app/Dockerfile': 'FROM x\n' }, 'fail:low'],
    ['environment', { 'app/.env.example': 'A=b\n' }, 'fail:low'],
    ['in a dependency', { 'app/node_modules/x/Dockerfile': 'FROM x\n', 'app/node_modules/x/.idea/a': 'x' }, 'pass'],
    ['of a package', { ...deb('app', { 'opt/app/Dockerfile': 'x' }), 'opt/app/Dockerfile': 'x' }, 'pass'],
    [
      'repository',
      { 'app/.git': { type: 'directory' }, 'app/.git/HEAD': 'x', 'app/.git/objects/0a/bc': 'x' },
      'fail:high',
    ],
    ['packed repository', { 'app/.git': { type: 'directory' }, 'app/.git/objects/pack/a.pack': 'x' }, 'fail:high'],
    ['repository without objects', { 'app/.git': { type: 'directory' }, 'app/.git/HEAD': 'x' }, 'fail:low'],
    [
      'core dump',
      {
        'app/core.123': Buffer.concat([
          Buffer.from('\u007fELF\u0002\u0001\u0001'),
          Buffer.alloc(9),
          Buffer.from([4, 0]),
        ]),
      },
      'fail:low',
    ],
    ['file called core', { 'app/core': 'x' }, 'pass'],
    ['editor', { 'src/.idea': { type: 'directory' } }, 'fail:low'],
  ],
});

test('FS-001: a policy allows files', async () => {
  const options = detectorOptions(['baseline']);
  const settings = { ...options.policy.settings, allowedSetuid: ['/usr/bin/app'] };
  const policy = { ...options.policy, settings };
  assert.equal(await checkOutcome('FS-001', [{ 'usr/bin/app': setuid }], { detectors: { policy } }), 'pass');
});

test('FS-007: all files are compared when malicious files are looked for, and the evidence says when not', async () => {
  const layers = [
    { ...deb('app', { 'usr/bin/app': 'y', 'usr/share/app/data': 'y' }), 'usr/bin/app': 'x', 'usr/share/app/data': 'x' },
  ];
  const evidence = async (asked: readonly ('baseline' | 'malware')[]) => {
    const { baseline } = await detect(detectorOptions(asked), layers);
    return baseline?.failed
      .find(({ check }) => check === 'FS-007')
      ?.evidence.map(({ path, excerpt }) => [path, excerpt]);
  };
  assert.deepEqual(await evidence(['baseline']), [
    ['usr/bin/app', 'differs from package app; only programs were compared'],
  ]);
  assert.deepEqual(await evidence(['baseline', 'malware']), [
    ['usr/bin/app', 'differs from package app'],
    ['usr/share/app/data', 'differs from package app'],
  ]);
});

test('FS-010: what a later layer removed still travels with the image', async () => {
  const layers = [{ 'etc/kubernetes/admin.conf': 'kind: Config\n' }, { 'etc/kubernetes/.wh.admin.conf': '' }];
  assert.equal(await checkOutcome('FS-010', layers), 'fail:high');
});
