import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  checkOutcome,
  detect,
  detectorOptions,
  type FragmentOptions,
  type LayerFiles,
} from '../../../../test/support/detection.ts';
import { type DetectorOptions, defaultBaselineSettings } from '../../index.ts';

const server = { 'usr/sbin/sshd': { content: '\x7fELF', mode: 0o755 } };
/** A server with this configuration. */
const sshd = (config: string, more: LayerFiles = {}): readonly LayerFiles[] => [
  { ...server, 'etc/ssh/sshd_config': config, ...more },
];
const pem = (name: string): string => readFileSync(new URL(`tls/testdata/${name}.pem`, import.meta.url), 'utf8');
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMadeUpKeyForTheTests0000000000000 somebody\n';
// In two parts: no scanner of this repository shall take it for a key.
const keyHeader = ['-----BEGIN RSA PRIVATE', ' KEY-----'].join('');
const hostKey = { 'etc/ssh/ssh_host_rsa_key': `${keyHeader}\nMadeUp==\n` };
/** A dpkg database of one package that brings the distribution's authority. */
const caPackage: LayerFiles = {
  'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
  'var/lib/dpkg/status': 'Package: ca-certificates\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n',
  'var/lib/dpkg/info/ca-certificates.list': '/.\n/usr/share/ca-certificates/mozilla/A.crt\n',
  'usr/share/ca-certificates/mozilla/A.crt': pem('ca2'),
  'etc/ssl/certs/ca-certificates.crt': pem('ca2'),
};

/** Image, check, outcome; by the rules of risks.md §2.6. */
const cases: readonly (readonly [string, string, readonly LayerFiles[], FragmentOptions?])[] = [
  ['SH-001', 'fail:medium', sshd('')],
  ['SH-001', 'pass', [{}]],
  ['SH-002', 'fail:medium', sshd('PermitRootLogin yes\n')],
  ['SH-002', 'fail:medium', sshd('Match Address 10.*\n  PermitRootLogin YES\n')],
  [
    'SH-002',
    'fail:medium',
    sshd('PermitRootLogin no\n'),
    { settings: { Cmd: ['/usr/sbin/sshd', '-D', '-o', 'PermitRootLogin=yes'] } },
  ],
  ['SH-002', 'pass', sshd('PermitRootLogin no\nPermitRootLogin yes\n')],
  ['SH-002', 'pass', sshd('# PermitRootLogin yes\n')],
  ['SH-002', 'unknown:unread_include', sshd('Include /opt/sshd.conf\n', { 'opt/sshd.conf': 'PermitRootLogin yes\n' })],
  ['SH-002', 'not_applicable', [{ 'etc/ssh/sshd_config': 'PermitRootLogin yes\n' }]],
  ['SH-003', 'fail:high', sshd('"PermitEmptyPasswords"  =  "yes" # why not\n')],
  [
    'SH-003',
    'fail:high',
    sshd('Include sshd_config.d/*.conf\nPermitEmptyPasswords no\n', {
      'etc/ssh/sshd_config.d/1.conf': 'PermitEmptyPasswords yes\n',
    }),
  ],
  [
    'SH-003',
    'pass',
    sshd('Include sshd_config.d/*.conf\nPermitEmptyPasswords no\n', {
      'etc/ssh/sshd_config.d/1.old': 'PermitEmptyPasswords yes\n',
    }),
  ],
  ['SH-003', 'not_applicable', [{}]],
  ['SH-004', 'fail:low', sshd('')],
  ['SH-004', 'fail:low', [server]],
  ['SH-004', 'fail:low', sshd('PasswordAuthentication no\nMatch User a\nPasswordAuthentication yes\n')],
  ['SH-004', 'pass', sshd('PasswordAuthentication no\nMatch all\nX11Forwarding yes\n')],
  ['SH-004', 'fail:low', sshd('PasswordAuthentication no\nMatch all\nPasswordAuthentication yes\n')],
  ['SH-004', 'not_applicable', [{}]],
  ['SH-005', 'fail:medium', sshd('Ciphers aes256-ctr,aes128-cbc\n')],
  ['SH-005', 'fail:medium', sshd('MACs +hmac-sha1\n')],
  ['SH-005', 'fail:medium', sshd('KexAlgorithms ^diffie-hellman-group14-sha1\n')],
  ['SH-005', 'fail:medium', sshd('Protocol 2,1\n')],
  [
    'SH-005',
    'pass',
    sshd('Protocol 2\nCiphers -aes128-cbc\nMACs hmac-sha2-256-etm@openssh.com,umac-128@openssh.com\n'),
  ],
  ['SH-005', 'not_applicable', [{}]],
  ['SH-006', 'fail:high', [hostKey]],
  ['SH-006', 'fail:high', [hostKey, { 'etc/ssh/.wh.ssh_host_rsa_key': '' }]],
  ['SH-006', 'pass', [{ 'etc/ssh/ssh_host_rsa_key.pub': key, 'etc/ssh/ssh_host_ecdsa_key': '' }]],
  ['SH-007', 'fail:high', [{ 'root/.ssh/authorized_keys': key }]],
  ['SH-007', 'fail:high', [{ 'srv/.ssh/authorized_keys2': key, 'etc/passwd': 'root:x:0:0::/srv:/bin/sh\n' }]],
  ['SH-007', 'fail:medium', [{ 'home/a/.ssh/authorized_keys': `command="x",no-pty ${key}` }, { 'home/.wh.a': '' }]],
  ['SH-007', 'pass', [{ 'root/.ssh/authorized_keys': `# ${key}\n` }]],
  ['SH-008', 'fail:low', [{ 'etc/ssh/ssh_config': 'Host *\n  StrictHostKeyChecking no\n' }]],
  ['SH-008', 'fail:low', [{ 'root/.ssh/config': 'Host git\nUserKnownHostsFile=/dev/null\n' }]],
  ['SH-008', 'pass', [{ 'etc/ssh/ssh_config': 'StrictHostKeyChecking ask\nHost *\n  StrictHostKeyChecking no\n' }]],
  ['SH-008', 'not_applicable', [{}]],
  ['SH-009', 'fail:low', sshd('ClientAliveInterval 5m\nX11Forwarding yes\n')],
  ['SH-009', 'fail:low', sshd('ClientAliveInterval 60\nLoginGraceTime 2m1s\n')],
  ['SH-009', 'fail:low', sshd('ClientAliveInterval 60\nMaxAuthTries 7\n')],
  ['SH-009', 'fail:low', sshd('')],
  ['SH-009', 'pass', sshd('ClientAliveInterval 60\nLoginGraceTime 2m\nMaxAuthTries 6\nUsePAM yes\n')],
  ['SH-009', 'not_applicable', [{}]],
  ['SH-010', 'fail:high', [{ 'etc/pam.d/sshd': 'auth sufficient pam_permit.so\n' }]],
  ['SH-010', 'fail:high', [{ 'etc/pam.d/sshd': 'auth [success=done default=ignore] pam_succeed_if.so uid >= 1000\n' }]],
  ['SH-010', 'fail:high', [{ 'etc/pam.d/sshd': 'auth sufficient \\\n  /lib/security/pam_rootok.so\n' }]],
  ['SH-010', 'fail:high', [{ 'etc/pam.d/sshd': 'auth required pam_unix.so nullok\n' }]],
  [
    'SH-010',
    'fail:high',
    [
      {
        'etc/pam.d/sshd': '@include a\n',
        'etc/pam.d/a': 'auth include b\n',
        'etc/pam.d/b': 'auth include a\nauth required pam_permit.so\n',
      },
    ],
  ],
  [
    'SH-010',
    'fail:low',
    [
      {
        'etc/pam.d/common-auth':
          'auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n',
      },
    ],
  ],
  [
    'SH-010',
    'pass',
    [
      {
        'etc/pam.d/su':
          'auth sufficient pam_rootok.so\nauth sufficient pam_succeed_if.so user ingroup wheel\naccount sufficient pam_permit.so\n',
      },
    ],
  ],
  ['SH-010', 'not_applicable', [{}]],
  ['SH-011', 'fail:medium', [caPackage, { 'etc/ssl/certs/extra.pem': pem('ca') }]],
  ['SH-011', 'fail:medium', [caPackage, { 'etc/ssl/certs/ca-certificates.crt': pem('ca2') + pem('ca') }]],
  ['SH-011', 'fail:medium', [{ 'usr/local/share/ca-certificates/x.crt': pem('ca') }]],
  ['SH-011', 'unknown:no_reference', [{ 'etc/ssl/certs/ca-certificates.crt': pem('ca') }]],
  ['SH-011', 'pass', [caPackage]],
  ['SH-011', 'pass', [caPackage, { 'etc/ssl/certs/leaf.pem': pem('good') }]],
  ['SH-011', 'not_applicable', [{ 'srv/tls/x.pem': pem('ca') }]],
  ['SH-012', 'fail:low', [{ 'srv/x.pem': pem('short') }]],
  ['SH-012', 'fail:low', [{ 'srv/x.pem': pem('good') + pem('sha1') }]],
  ['SH-012', 'fail:low', [{ 'srv/x.pem': pem('brief') }], { now: new Date('2027-06-01') }],
  ['SH-012', 'pass', [{ 'srv/x.pem': pem('brief') }], { now: new Date('2026-12-01') }],
  ['SH-012', 'pass', [{ 'srv/x.crt': Buffer.from(pem('good').replace(/-.*-\n|\n/g, ''), 'base64') }]],
  ['SH-012', 'not_applicable', [{ 'srv/x.pem': 'no certificate' }]],
];

const policy = (asked?: string): DetectorOptions['policy'] => ({
  name: 'test',
  asks: ({ id }) => asked === undefined || id === asked,
  settings: defaultBaselineSettings,
});

for (const [check, outcome, layers, options = {}] of cases) {
  test(`${check} ${outcome}: ${JSON.stringify(layers).slice(0, 90)}`, async () => {
    assert.equal(await checkOutcome(check, layers, { ...options, detectors: { policy: policy(check) } }), outcome);
  });
}

/** Path and excerpt of what a check found. */
async function evidenceOf(check: string, layers: readonly LayerFiles[]): Promise<readonly string[]> {
  const { baseline } = await detect(detectorOptions(['baseline'], { policy: policy(check) }), layers);
  return (baseline?.failed ?? []).flatMap(({ evidence }) =>
    evidence.map(({ path, line, excerpt }) => `${path}:${line}: ${excerpt}`),
  );
}

test('evidence of keys tells what they are and nothing of them', async () => {
  assert.deepEqual(await evidenceOf('SH-006', [hostKey]), [`etc/ssh/ssh_host_rsa_key:1: ${keyHeader} (rsa)`]);
  const path = 'root/.ssh/authorized_keys';
  assert.deepEqual(await evidenceOf('SH-007', [{ [path]: `\n${key}${key}` }]), [
    `${path}:2: 2 keys, the first ssh-ed25519`,
  ]);
});

test('evidence of a Match block names its condition', async () => {
  assert.deepEqual(await evidenceOf('SH-003', sshd('Match User bob Address 10.*\nPermitEmptyPasswords yes\n')), [
    'etc/ssh/sshd_config:2: Match User bob Address 10.*: permitemptypasswords yes',
  ]);
});

test('an anchor that is also in the bundle is told once, and a fingerprint of the policy is accepted', async () => {
  const image = [
    caPackage,
    {
      'usr/local/share/ca-certificates/own.crt': pem('ca'),
      'etc/ssl/certs/ca-certificates.crt': pem('ca2') + pem('ca'),
    },
  ];
  const [line = '', ...more] = await evidenceOf('SH-011', image);
  assert.match(
    line,
    /^usr\/local\/share\/ca-certificates\/own\.crt:1: CN=authority of the tests; sha256 [0-9a-f]{64}$/,
  );
  assert.deepEqual(more, []);
  const trustedCertificates = [
    line
      .slice(-64)
      .toUpperCase()
      .replace(/..(?=.)/g, '$&:'),
  ];
  const settings = { ...defaultBaselineSettings, trustedCertificates };
  assert.equal(
    await checkOutcome('SH-011', image, { detectors: { policy: { ...policy('SH-011'), settings } } }),
    'pass',
  );
});

test('what an included file sets in a Match block ends with the file', async () => {
  const config = 'Include sshd_config.d/*.conf\nPermitRootLogin yes\n';
  const files = { 'etc/ssh/sshd_config.d/1.conf': 'Match User a\nPermitRootLogin no\n' };
  assert.deepEqual(await evidenceOf('SH-002', sshd(config, files)), ['etc/ssh/sshd_config:2: permitrootlogin yes']);
});

test('includes that go round in circles and PAM files that multiply end', async () => {
  const circle = sshd('Include sshd_config.d/*\nPermitRootLogin yes\n', {
    'etc/ssh/sshd_config.d/a': 'Include /etc/ssh/sshd_config.d/*\nInclude /etc/ssh/sshd_config\n',
  });
  assert.equal(await checkOutcome('SH-002', circle), 'fail:medium');
  const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
  const all = names.map((name) => `auth include ${name}\n`).join('');
  const pam = Object.fromEntries([...names, 'sshd'].map((name) => [`etc/pam.d/${name}`, all]));
  const started = performance.now();
  assert.equal(await checkOutcome('SH-010', [pam], { detectors: { policy: policy('SH-010') } }), 'pass');
  assert.ok(performance.now() - started < 5000);
});
