import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { program, testChecks } from '../../../../../test/support/check-cases.ts';
import { parseSudoers } from './grammar.ts';

const sudo = { 'usr/bin/sudo': program };
const rules = (text: string) => ({ ...sudo, 'etc/sudoers': { mode: 0o440, content: text } });

testChecks({
  'FS-008': [
    ['no sudo', { 'etc/sudoers': 'app ALL=(ALL) NOPASSWD: ALL\n' }, 'not_applicable'],
    [
      'as Debian ships it',
      rules('Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n'),
      'pass',
    ],
    ['no password', rules('%sudo ALL=(ALL) NOPASSWD: ALL\n'), 'fail:high'],
    ['no password for one command', rules('app ALL = NOPASSWD: /usr/bin/a, PASSWD: /usr/bin/b\n'), 'fail:high'],
    ['no password for root', rules('root ALL=(ALL) NOPASSWD: ALL\n'), 'pass'],
    ['everything', rules('app ALL=(ALL) ALL\n'), 'fail:high'],
    ['one command', rules('app ALL=(root) /usr/bin/systemctl restart app\n'), 'pass'],
    ['wildcard', rules('app ALL=(root) /usr/bin/cat /var/log/*\n'), 'fail:high'],
    ['escaped star', rules('app ALL=(root) /usr/bin/cat /var/log/\\*\n'), 'pass'],
    ['alias', rules('User_Alias OPS = app, web\nCmnd_Alias MORE = /bin/a, /opt/x/*\nOPS ALL = MORE\n'), 'fail:high'],
    ['aliases in a circle', rules('Cmnd_Alias A = B\nCmnd_Alias B = A\napp ALL = A\n'), 'pass'],
    ['forbidden wildcard', rules('app ALL = /bin/a, !/bin/a -*\n'), 'pass'],
    ['continued line', rules('app ALL = \\\n  NOPASSWD: \\\n  /bin/a\n'), 'fail:high'],
    ['comment', rules('# app ALL=(ALL) NOPASSWD: ALL\nroot ALL=ALL\n'), 'pass'],
    ['authenticate', rules('Defaults:app !authenticate\n'), 'fail:high'],
    ['visiblepw', rules('Defaults env_reset, visiblepw\n'), 'fail:high'],
    ['not visiblepw', rules('Defaults !visiblepw\n'), 'pass'],
    [
      'included file',
      { ...rules('#includedir /etc/sudoers.d\n'), 'etc/sudoers.d/app': 'app ALL=(ALL) NOPASSWD: ALL\n' },
      'fail:high',
    ],
    [
      'file that is passed over',
      { ...rules('#includedir /etc/sudoers.d\n'), 'etc/sudoers.d/app.off': 'app ALL=ALL\n' },
      'pass',
    ],
    ['file that nothing includes', { ...rules('root ALL=ALL\n'), 'etc/sudoers.d/app': 'app ALL=ALL\n' }, 'pass'],
    [
      'directory that others may write',
      { ...rules('@includedir /etc/sudoers.d\n'), 'etc/sudoers.d': { type: 'directory', mode: 0o775 } },
      'fail:high',
    ],
    [
      'files that include each other',
      { ...rules('@include sudoers.d/a\n'), 'etc/sudoers.d/a': '@include /etc/sudoers\n' },
      'pass',
    ],
    [
      'file that cannot be read',
      { ...rules('@include /etc/more\n'), 'etc/more': 'app ALL=ALL\n' },
      'unknown:unreadable',
    ],
  ],
});

test('numbers of users are no comments', () => {
  assert.deepEqual(
    parseSudoers('#1000, %#50 ALL = ALL # why\n').rules.map(({ users }) => users),
    [['#1000', '%#50']],
  );
});

test('no text breaks the parser', () => {
  const piece = fc.constantFrom(
    'root',
    'ALL',
    '=',
    ',',
    ':',
    '(',
    ')',
    ' ',
    '\\',
    '"',
    '#',
    '!',
    'NOPASSWD:',
    '/bin/a',
    '\n',
    'Defaults',
    'User_Alias A',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const { rules: parsed, malformed } = parseSudoers(pieces.join(''));
      assert.ok(parsed.every(({ users, commands }) => users.length > 0 && commands.length > 0));
      assert.ok(malformed.every((line) => line > 0));
    }),
    { numRuns: 300 },
  );
  for (const repeated of ['a ALL=ALL:', 'ALL,', '(', '"', '\\\n', '!', 'Defaults a,', 'sha256:a ']) {
    const started = performance.now();
    parseSudoers(`root ALL = ${repeated.repeat(10_000)}`);
    assert.ok(performance.now() - started < 3000, repeated);
  }
});
