import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elfProgram } from '../../../../test/support/binary-files.ts';
import { checkOutcome, detect, detectorOptions, type LayerFiles } from '../../../../test/support/detection.ts';
import { type BaselineSettings, defaultBaselineSettings } from '../settings.ts';

const outcome = (check: string, files: LayerFiles, settings: Partial<BaselineSettings> = {}): Promise<string> =>
  checkOutcome(check, [files], {
    detectors: {
      policy: { name: 'full', asks: () => true, settings: { ...defaultBaselineSettings, ...settings } },
    },
  });

const debian = { 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n' };
const apt = { ...debian, 'usr/bin/apt-get': { mode: 0o755, content: 'x' } };
const list = (text: string): LayerFiles => ({ ...apt, 'etc/apt/sources.list': text });
const sources = (text: string): LayerFiles => ({ ...apt, 'etc/apt/sources.list.d/x.sources': text });
const repo = (text: string): LayerFiles => ({
  'etc/os-release': 'ID=rocky\nVERSION_ID="9.3"\n',
  'etc/yum.repos.d/x.repo': text,
});
const apk = (text: string): LayerFiles => ({
  'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
  'etc/apk/repositories': text,
});

test('PK-001: packages without a signature', async () => {
  for (const files of [
    list('deb [arch=amd64 trusted=yes] https://ftp.debian.org/debian bookworm main\n'),
    sources('Types: deb\nURIs: https://x.example/\nSuites: ./\nTrusted: yes\n'),
    repo('[a]\nbaseurl=https://x.example/\ngpgcheck=0\n'),
    { ...repo(''), 'etc/dnf/dnf.conf': '[main]\ngpgcheck = False\n' },
    { ...apt, 'etc/apt/apt.conf.d/99x': 'APT::Get::AllowUnauthenticated "true";\n' },
    { ...apt, 'etc/apt/apt.conf': 'APT { Get { /* x */ AllowUnauthenticated "yes"; }; };' },
    { ...apk(''), 'etc/apk/config': 'allow-untrusted\n' },
  ]) {
    assert.equal(await outcome('PK-001', files as LayerFiles), 'fail:high', JSON.stringify(files));
  }
  for (const files of [
    list('# deb [trusted=yes] https://x.example a\ndeb [trusted=no] https://ftp.debian.org/debian bookworm main\n'),
    sources('Enabled: no\nTypes: deb\nURIs: https://x.example/\nSuites: ./\nTrusted: yes\n'),
    repo('[a]\nbaseurl=https://x.example/\ngpgcheck=0\nenabled=0\n[b]\nbaseurl=https://x.example/\ngpgcheck=1\n'),
    { ...apt, 'etc/apt/apt.conf.d/99x.disabled': 'APT::Get::AllowUnauthenticated "true";' },
    { ...apt, 'etc/apt/apt.conf': '// APT::Get::AllowUnauthenticated "true";\nAPT::Get::AllowUnauthenticated "no";' },
  ]) {
    assert.equal(await outcome('PK-001', files as LayerFiles), 'pass', JSON.stringify(files));
  }
  assert.equal(await outcome('PK-001', { 'bin/app': 'x' }), 'not_applicable');
  const history = [{ created_by: 'RUN /bin/sh -c apk add --allow-untrusted x.apk # buildkit' }];
  const recorded = await checkOutcome('PK-001', [apk('https://dl-cdn.alpinelinux.org/x\n')], { config: { history } });
  assert.equal(recorded, 'fail:high');
});

test('PK-002: repositories over plain HTTP', async () => {
  assert.equal(await outcome('PK-002', list('deb http://ftp.debian.org/debian bookworm main\n')), 'fail:low');
  assert.equal(await outcome('PK-002', list('deb mirror+http://x.example/l bookworm main\n')), 'fail:low');
  assert.equal(await outcome('PK-002', repo('[a]\nmirrorlist=\n http://x.example/a\n')), 'fail:low');
  assert.equal(await outcome('PK-002', apk('@edge http://dl-cdn.alpinelinux.org/edge/main\n')), 'fail:low');
  const local = 'deb file:/srv/repo ./\ndeb cdrom:[x]/ a main\ndeb https://ftp.debian.org/debian bookworm main\n';
  assert.equal(await outcome('PK-002', list(local)), 'pass');
  assert.equal(await outcome('PK-002', repo('[a]\nbaseurl=https://x.example/\nname=http://no\n')), 'pass');
  assert.equal(await outcome('PK-002', {}), 'not_applicable');
});

test('PK-003: repositories of others than the distribution', async () => {
  const own = 'deb https://ftp.debian.org/debian bookworm main\ndeb https://archive.debian.org/ x main\n';
  assert.equal(await outcome('PK-003', list(own)), 'pass');
  assert.equal(await outcome('PK-003', list(`${own}deb https://packages.example/x stable main\n`)), 'fail:low');
  assert.equal(await outcome('PK-003', list('deb https://notdebian.org/x stable main\n')), 'fail:low');
  // Another distribution's archive is somebody else's.
  assert.equal(await outcome('PK-003', list('deb https://archive.ubuntu.com/ubuntu noble main\n')), 'fail:low');
  const trusted = { trustedRepositories: ['packages.example'] };
  assert.equal(await outcome('PK-003', list('deb https://eu.packages.example/x stable main\n'), trusted), 'pass');
  assert.equal(await outcome('PK-003', list('deb file:/srv ./\n')), 'pass');
  assert.equal(await outcome('PK-003', repo('[a]\nmirrorlist=https://mirrors.rockylinux.org/x?a=$b\n')), 'pass');
  assert.equal(await outcome('PK-003', repo('[a]\nbaseurl=https://repo.$zone.example/x\n')), 'fail:low');
  assert.equal(await outcome('PK-003', {}), 'not_applicable');
});

const status = 'Package: bash\nStatus: install ok installed\nVersion: 5.2-1\nArchitecture: amd64\nMaintainer: x\n\n';
const dpkg = {
  ...apt,
  'var/lib/dpkg/status': status,
  'var/lib/dpkg/info/bash.list': '/.\n/usr/share/keyrings\n/usr/share/keyrings/own.gpg\n',
};

test('PK-003: keys that no package brought', async () => {
  assert.equal(await outcome('PK-003', { ...dpkg, 'usr/share/keyrings/own.gpg': 'x' }), 'pass');
  const foreign = { ...dpkg, 'etc/apt/trusted.gpg.d/other.asc': 'x' };
  assert.equal(await outcome('PK-003', foreign), 'fail:low');
  const trusted = { trustedRepositories: ['/etc/apt/trusted.gpg.d/other.asc'] };
  assert.equal(await outcome('PK-003', foreign, trusted), 'pass');
});

test('what is larger than a list of repositories can be leaves them unknown', async () => {
  assert.equal(await outcome('PK-002', list('#\n'.repeat(2_200_000))), 'unknown:too_large');
  const many = list('deb https://ftp.debian.org/debian bookworm main\n'.repeat(501));
  assert.equal(await outcome('PK-002', many), 'unknown:too_large');
});

const node = (version: string): LayerFiles => ({
  'usr/local/bin/node': { mode: 0o755, content: elfProgram({ data: Buffer.from(`x\0node.js/v${version}\0`) }) },
});

const java = (version: string): LayerFiles => ({ 'opt/java/release': `IMPLEMENTOR="x"\nJAVA_VERSION="${version}"\n` });

test('PK-004: runtimes past their end on the first of June 2026', async () => {
  assert.equal(await outcome('PK-004', node('18.20.1')), 'fail:medium');
  assert.equal(await outcome('PK-004', node('6.1.0')), 'fail:medium');
  assert.equal(await outcome('PK-004', node('22.1.0')), 'pass');
  assert.equal(await outcome('PK-004', node('90.0.0')), 'pass');
  assert.equal(await outcome('PK-004', java('1.8.0_392')), 'pass');
  assert.equal(await outcome('PK-004', java('16.0.2')), 'fail:medium');
  assert.equal(await outcome('PK-004', { 'usr/local/go/VERSION': 'go1.20.5\ntime x\n' }), 'fail:medium');
  assert.equal(await outcome('PK-004', { 'bin/app': 'x' }), 'not_applicable');
});

test('PK-004: what a package of the distribution brought is its to fix', async () => {
  const owned = { ...dpkg, 'var/lib/dpkg/info/bash.list': '/.\n/opt/java/release\n', ...java('16.0.2') };
  assert.equal(await outcome('PK-004', owned), 'pass');
});

test('PK-005: packages of the deny-list', async () => {
  assert.equal(await outcome('PK-005', dpkg, { forbiddenPackages: ['bash'] }), 'fail:medium');
  assert.equal(await outcome('PK-005', dpkg, { forbiddenPackages: ['bash@5.2-1'] }), 'fail:medium');
  assert.equal(await outcome('PK-005', dpkg, { forbiddenPackages: ['bash@5.1', 'ash'] }), 'pass');
  assert.equal(await outcome('PK-005', dpkg), 'not_applicable');
});

test('PK-006: a distribution without packages, packages without a distribution', async () => {
  const { 'etc/os-release': _, ...nameless } = dpkg;
  assert.equal(await outcome('PK-006', debian), 'fail:medium');
  assert.equal(await outcome('PK-006', { ...debian, 'var/lib/dpkg/status': '' }), 'fail:medium');
  assert.equal(await outcome('PK-006', nameless), 'fail:medium');
  assert.equal(await outcome('PK-006', dpkg), 'pass');
  assert.equal(await outcome('PK-006', { 'bin/app': 'x' }), 'not_applicable');
});

test('evidence names file, line and address, without passwords and tokens', async () => {
  const files = list('\ndeb [trusted=yes] http://user:hunter2@x.example:8080/abcdefghij0123456789XYZ/debian a main\n');
  const { baseline } = await detect(detectorOptions(['baseline']), [files]);
  const excerpts = ['PK-001', 'PK-002', 'PK-003'].map((id) => {
    const evidence = baseline?.failed.find(({ check }) => check === id)?.evidence[0];
    return [evidence?.path, evidence?.line, evidence?.excerpt];
  });
  const shown = 'http://x.example:8080/…/debian';
  assert.deepEqual(excerpts, [
    ['etc/apt/sources.list', 2, `trusted=yes ${shown}`],
    ['etc/apt/sources.list', 2, shown],
    ['etc/apt/sources.list', 2, shown],
  ]);
  assert.ok(!JSON.stringify(baseline).includes('hunter2'));
});
