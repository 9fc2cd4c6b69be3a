import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSudoers, type Sudoers } from '../../src/detectors/baseline/files/sudoers/grammar.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { mustRun, run } from '../support/run.ts';
import { needs } from '../support/system.ts';

const user = fc.constantFrom('root', 'app', '%ops', '#1000', '%#50', '!web', 'OPS', 'ALL', '"two words"');
const command = fc.constantFrom(
  ...['ALL', '/usr/bin/apt', '/usr/bin/apt update', '/bin/cat /var/log/*', '/usr/bin/[a-z]*', '!/bin/sh', 'MORE'],
  ...['/bin/echo a\\,b', '/bin/echo a\\:b\\=c', '/bin/ls ""', 'sudoedit /etc/hosts', '/usr/local/bin/'],
);
const blank = fc.constantFrom('', ' ', '  ', ' \\\n\t');
const tags = fc.constantFrom('', '', 'NOPASSWD:', 'PASSWD: ', 'NOPASSWD: SETENV: ', 'NOEXEC:NOPASSWD:');
const runAs = fc.constantFrom('', '(root) ', '(ALL)', '(root:adm) ', '(:adm)', '(app,web) ');

const list = (member: fc.Arbitrary<string>, maxLength = 3) =>
  fc
    .tuple(fc.array(member, { minLength: 1, maxLength }), blank, blank)
    .map(([members, before, after]) => members.join(`${before},${after}`));
const commands = list(fc.tuple(runAs, tags, command).map((parts) => parts.join('')));
const rule = fc
  .tuple(list(user), fc.constantFrom('ALL', 'web1, web2', '10.0.0.0/8'), blank, commands)
  .map(([users, hosts, space, allowed]) => `${users} ${hosts}${space}=${space}${allowed}`);
const line = fc.oneof(
  { weight: 6, arbitrary: rule },
  { weight: 1, arbitrary: fc.tuple(rule, commands).map(([first, more]) => `${first} : db = ${more}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        'Defaults env_reset',
        'Defaults:app !authenticate',
        'Defaults visiblepw, !lecture',
        'Defaults@web1 !!visiblepw',
      ],
      ...['Defaults secure_path="/usr/bin:/bin"', '# a comment', '', '#a ALL=ALL', 'Defaults>root timestamp_timeout=0'],
    ),
  },
);
const wrong = fc.constantFrom(
  ...['app ALL', 'app ALL =', '= ALL', 'User_Alias lower = a', 'app ALL = (root ALL', 'app ALL = relative/path', 'app'],
  ...['app ALL = /bin/a :', 'app, ALL = ALL', 'app ALL = NOPASSWD:', 'User_Alias X', 'app ALL = ALL ALL'],
);
const file = fc
  .array(fc.oneof({ weight: 30, arbitrary: line }, { weight: 1, arbitrary: wrong }), { minLength: 1, maxLength: 8 })
  .map((lines) => `User_Alias OPS = app, web : DEV = !db\nCmnd_Alias MORE = /bin/a, !/bin/b\n${lines.join('\n')}\n`);

/** Members as cvtsudoers tells them, in the spelling of the file. */
interface Member {
  readonly [kind: string]: string | boolean | undefined;
  readonly negated?: boolean;
}

function spelled(member: Member): string {
  const { username, userid, usergroup, usergid, useralias } = member as Record<string, string | undefined>;
  const name =
    username ??
    useralias ??
    (userid !== undefined ? `#${userid}` : usergroup !== undefined ? `%${usergroup}` : `%#${usergid}`);
  return `${member.negated ? '!' : ''}${name}`;
}

/** Users, and commands with whether they need no password, rule by rule. */
function told(json: string): string[] {
  const { User_Specs: specs = [] } = JSON.parse(json) as {
    User_Specs?: {
      User_List: Member[];
      Cmnd_Specs: { Options?: { authenticate?: boolean }[]; Commands: Member[] }[];
    }[];
  };
  return specs.flatMap(({ User_List: users, Cmnd_Specs: cmnds }) =>
    cmnds.flatMap(({ Options: options = [], Commands: list }) =>
      list.map((each) => {
        const free = options.some(({ authenticate }) => authenticate === false);
        return JSON.stringify([users.map(spelled), each.negated === true, free, each.command ?? each.cmndalias]);
      }),
    ),
  );
}

function ours({ rules }: Sudoers): string[] {
  return rules.flatMap(({ users, commands: list }) =>
    list.map(({ command: written, negated, noPassword }) => {
      const members = users.map((each) => each.replaceAll('"', ''));
      // cvtsudoers takes blanks together and escapes away.
      return JSON.stringify([members, negated, noPassword, plain(written)]);
    }),
  );
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/\\([,:=])/g, '$1');

test('sudo itself reads the same users, commands and NOPASSWD in generated files', async (t) => {
  const sys = needs(t, 'visudo', 'cvtsudoers');
  if (!sys) return;
  await using scratch = await temporaryDirectory();
  const path = join(scratch.path, 'sudoers');
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(file, async (text) => {
      await writeFile(path, text, { mode: 0o440 });
      const { code } = await run(sys.visudo, ['--check', '--file', path, '--quiet']);
      const parsed = parseSudoers(text);
      assert.equal(parsed.malformed.length === 0, code === 0, text);
      if (code !== 0) return;
      const { stdout } = await mustRun(sys.cvtsudoers, ['--output-format', 'json', path]);
      assert.deepEqual(
        ours(parsed),
        told(stdout).map((row) =>
          JSON.stringify(JSON.parse(row).map((part: unknown) => (typeof part === 'string' ? plain(part) : part))),
        ),
        text,
      );
      compared++;
    }),
    { numRuns: 100 },
  );
  t.diagnostic(`${compared} files compared`);
  assert.ok(compared > 30 && compared < 100);
});
