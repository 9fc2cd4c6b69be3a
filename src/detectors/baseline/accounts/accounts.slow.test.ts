import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOutcome, detect, detectorOptions, type LayerFiles } from '../../../../test/support/detection.ts';
import { type DetectorOptions, defaultBaselineSettings } from '../../index.ts';

const root = 'root:x:0:0:root:/root:/bin/bash\n';
const daemon = 'daemon:x:2:2::/:/usr/sbin/nologin\n';
const app = 'app:x:1000:1000::/home/app:/bin/sh\n';
/** Of the password `correct horse battery staple`, made with the system's crypt: no list has it. */
const strong = '$6$saltsalt$pqw8LvIlP8rr.V.hvz2WRTMu2NnX.FTGRV9SsG0bXOj42UYiApFd5lRSXFC0ExE4.kLr9hFUXyKDzhSjA0Fv0.';

function files(passwd: string, shadow?: string, more: LayerFiles = {}): readonly LayerFiles[] {
  return [{ 'etc/passwd': passwd, ...(shadow !== undefined && { 'etc/shadow': shadow }), ...more }];
}

/** Image, check, outcome; by the rules of risks.md §2.4. */
const cases: readonly (readonly [check: string, outcome: string, layers: readonly LayerFiles[]])[] = [
  ['ID-001', 'fail:high', files(root, 'root::19000:0:99999:7:::\n')],
  ['ID-001', 'fail:medium', files(root + daemon, 'root:*:19000::::::\ndaemon::19000::::::\n')],
  ['ID-001', 'fail:high', files('root::0:0:root:/root:/bin/bash\n')],
  ['ID-001', 'fail:high', files(root, undefined, { 'etc/master.passwd': 'root::0:0::0:0:root:/root:/bin/sh\n' })],
  ['ID-001', 'pass', files(root, 'root:!:19000::::::\n')],
  ['ID-001', 'not_applicable', [{ 'etc/os-release': 'ID=x\n' }]],
  ['ID-003', 'fail:medium', files(root + app, `root:${strong}:1::::::\napp:${strong}:1::::::\n`)],
  ['ID-003', 'pass', files(root + app, 'root:!:1::::::\napp:!:1::::::\n')],
  ['ID-003', 'not_applicable', [{}]],
  ['ID-004', 'fail:medium', files(`${root}${app}other:x:1000:1::/:/bin/sh\n`)],
  ['ID-004', 'fail:high', files(`${root}toor:x:0:0::/:/bin/sh\n`)],
  ['ID-004', 'fail:medium', files(root + app + app.replace('1000', '1001'))],
  ['ID-004', 'pass', files(root + app)],
  ['ID-004', 'not_applicable', [{ 'etc/group': 'root:x:0:\n' }]],
  ['ID-005', 'fail:low', [{ 'etc/group': 'root:x:0:\na:x:5:\nb:x:5:\n' }]],
  ['ID-005', 'fail:low', [{ 'etc/group': 'root:x:0:\na:x:5:\na:x:6:\n' }]],
  ['ID-005', 'pass', [{ 'etc/group': 'root:x:0:\na:x:5:\n' }]],
  ['ID-005', 'not_applicable', files(root)],
  ['ID-006', 'fail:high', files(`${root}toor:x:0:0::/:/bin/sh\n`)],
  ['ID-006', 'fail:high', files(`${root}toor:x: 00:0::/:/bin/sh\n`)],
  ['ID-006', 'pass', files(root + app)],
  ['ID-006', 'not_applicable', [{}]],
  ['ID-007', 'fail:medium', files(root, 'root:abJnggxhB/yWI:1::::::\n')],
  ['ID-007', 'fail:medium', files(root, `root:$1$salt$${'a'.repeat(22)}:1::::::\n`)],
  ['ID-007', 'fail:medium', files(root, `root:$6$rounds=4999$salt$${'a'.repeat(86)}:1::::::\n`)],
  ['ID-007', 'fail:medium', files(root, undefined, { 'etc/login.defs': 'ENCRYPT_METHOD\tMD5\n' })],
  ['ID-007', 'pass', files(root, `root:${strong}:1::::::\n`, { 'etc/login.defs': 'ENCRYPT_METHOD SHA512\n' })],
  ['ID-007', 'pass', files(root, undefined, { 'etc/login.defs': '#ENCRYPT_METHOD DES\nENCRYPT_METHOD "YESCRYPT"\n' })],
  ['ID-007', 'not_applicable', [{}]],
  ['ID-008', 'fail:low', [{ 'etc/pam.d/common-password': 'password required pam_unix.so obscure yescrypt\n' }]],
  ['ID-008', 'fail:low', [{ 'etc/pam.d/p': 'password requisite pam_pwquality.so minlen=6 minclass=4\n' }]],
  ['ID-008', 'pass', [{ 'etc/pam.d/p': 'password requisite pam_pwquality.so retry=3 minclass=4\n' }]],
  [
    ...(['ID-008', 'pass'] as const),
    [
      {
        'etc/pam.d/p': '-password [success=1 default=die] /lib/security/pam_pwquality.so\n',
        'etc/security/pwquality.conf': 'minlen = 12\n dcredit=-1\nucredit -1 # upper\n',
        'etc/security/pwquality.conf.d/50.conf': 'minlen = 4\nlcredit = -1\nocredit = -2\n',
      },
    ],
  ],
  [
    'ID-008',
    'pass',
    [{ 'etc/pam.d/p': 'password required pam_passwdqc.so min=disabled,disabled,disabled,disabled,9\n' }],
  ],
  ['ID-008', 'fail:low', [{ 'etc/pam.d/p': 'password required pam_passwdqc.so\n' }]],
  ['ID-008', 'not_applicable', files(root)],
  [
    'ID-009',
    'fail:low',
    files(root, `root:${strong}:1::::::\n`, { 'etc/login.defs': 'PASS_MAX_DAYS 99999\nPASS_MIN_DAYS 1\nUMASK 027\n' }),
  ],
  [
    'ID-009',
    'fail:low',
    files(root, `root:${strong}:1::::::\n`, { 'etc/login.defs': 'PASS_MAX_DAYS 90\nPASS_MIN_DAYS 1\nUMASK 022\n' }),
  ],
  ['ID-009', 'fail:low', files(root, `root:${strong}:1::::::\n`, { 'etc/login.defs': 'PASS_MAX_DAYS 90\n' })],
  [
    'ID-009',
    'pass',
    files(root, `root:${strong}:1::::::\n`, { 'etc/login.defs': 'PASS_MAX_DAYS 90\nPASS_MIN_DAYS 1\nUMASK 077\n' }),
  ],
  ['ID-009', 'not_applicable', files(root, 'root:*:1::::::\n', { 'etc/login.defs': 'PASS_MAX_DAYS 99999\n' })],
  ['ID-010', 'fail:low', files(`${root}www:x:33:33::/var/www:/bin/sh\n`, `root:*:1::::::\nwww:${strong}:1::::::\n`)],
  [
    ...(['ID-010', 'fail:low'] as const),
    files(`${root}www:x:33:33::/var/www:\n`, 'root:*:1::::::\nwww:!:1::::::\n', {
      'var/www/.ssh/authorized_keys': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMadeUpKeyForTheTests0000000000000 a\n',
    }),
  ],
  ['ID-010', 'pass', files(`${root}www:x:33:33::/var/www:/sbin/nologin\n`, `www:${strong}:1::::::\n`)],
  ['ID-010', 'pass', files(root + app, `app:${strong}:1::::::\n`)],
  ['ID-010', 'not_applicable', [{}]],
  ['ID-011', 'fail:medium', files(`${root}three:x:5\n`)],
  ['ID-011', 'fail:medium', files(`${root}+::::::\n`)],
  ['ID-011', 'fail:medium', files(root + app, 'root:*:1::::::\n')],
  ['ID-011', 'fail:medium', [{ 'etc/group': 'root:x\n' }]],
  ['ID-011', 'pass', files(root, 'root:*:1::::::\n')],
  ['ID-011', 'pass', files(root)],
  ['ID-011', 'not_applicable', [{}]],
  ['ID-012', 'fail:medium', files(root, `root:${strong}:1::::::\n`)],
  ['ID-012', 'fail:medium', files(`root:${strong}:0:0::/root:/bin/sh\n`, 'root:*:1::::::\n')],
  ['ID-012', 'pass', files(root, `root:!${strong}:1::::::\n`)],
  ['ID-012', 'not_applicable', [{}]],
  ['ID-013', 'fail:medium', files(root + app, undefined, { 'etc/group': 'root:x:0:\nsudo:x:27:app\n' })],
  ['ID-013', 'fail:medium', files(`${root}op:x:5:0::/:/bin/sh\n`, undefined, { 'etc/group': 'root:x:0:\n' })],
  [
    'ID-013',
    'pass',
    files(root + app, undefined, { 'etc/group': 'root:x:0:root\nsudo:x:27:nobody-there\nusers:x:100:app\n' }),
  ],
  ['ID-013', 'not_applicable', files(root)],
];

/** Guessing takes seconds and has tests of its own. */
const settings = { ...defaultBaselineSettings, passwords: { ...defaultBaselineSettings.passwords, enabled: false } };
const policy = (asked?: string): DetectorOptions['policy'] => ({
  name: 'test',
  asks: ({ id }) => asked === undefined || id === asked,
  settings,
});
const options = detectorOptions(['baseline'], { policy: policy() });

for (const [check, outcome, layers] of cases) {
  test(`${check} ${outcome}: ${JSON.stringify(layers).slice(0, 80)}`, async () => {
    assert.equal(await checkOutcome(check, layers, { detectors: { policy: policy(check) } }), outcome);
  });
}

test('the five booleans of password complexity have a stable form', async () => {
  const { baseline } = await detect(options, [
    { 'etc/pam.d/p': 'password requisite pam_pwquality.so minlen=10 dcredit=-1 ucredit=0\n' },
  ]);
  const failed = baseline?.failed.find(({ check }) => check === 'ID-008');
  assert.deepEqual(
    failed?.evidence.map(({ path, excerpt }) => ({ path, excerpt })),
    [
      {
        path: 'etc/pam.d/p',
        excerpt:
          'pam_pwquality: min_length=yes uppercase_letter=no lowercase_letter=no number=yes special_character=no',
      },
    ],
  );
});

test('evidence names the line and the layer, and never the hash', async () => {
  const { baseline } = await detect(options, files(root + app, `root:*:1::::::\napp:${strong}:1::::::\n`));
  const failed = baseline?.failed.find(({ check }) => check === 'ID-012');
  assert.deepEqual(
    failed?.evidence.map(({ path, line, excerpt }) => ({ path, line, excerpt })),
    [{ path: 'etc/shadow', line: 2, excerpt: 'app: usable password (sha512crypt)' }],
  );
  assert.ok(!JSON.stringify(baseline).includes(strong.slice(12, 40)));
});

test('a file over the limit leaves its checks undecided', async () => {
  const large = files(root, 'root:*:1::::::\n'.repeat(300_000));
  assert.equal(await checkOutcome('ID-001', large), 'unknown:too_large');
  assert.equal(await checkOutcome('ID-004', files('a:x:5:5::/:/\n'.repeat(60_000))), 'unknown:too_large');
});

test('passwd behind a link is read, and a link to an unknown name leaves checks undecided', async () => {
  const link = (to: string): LayerFiles => ({ 'etc/passwd': { type: 'symlink', link: to } });
  assert.equal(
    await checkOutcome('ID-006', [{ 'usr/etc/passwd': `${root}toor:x:0:0::/:/\n`, ...link('../usr/etc/passwd') }]),
    'fail:high',
  );
  assert.equal(await checkOutcome('ID-006', [{ 'opt/users': root, ...link('/opt/users') }]), 'unknown:unreadable');
});
