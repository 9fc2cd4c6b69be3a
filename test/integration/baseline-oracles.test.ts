import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { aptReader } from '../../src/detectors/baseline/packages/sources/apt.ts';
import { readAptConf } from '../../src/detectors/baseline/packages/sources/apt-conf.ts';
import { parseScript } from '../../src/detectors/baseline/shell/index.ts';
import type { FileEntry } from '../../src/image/index.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { mustRun, run } from '../support/run.ts';
import { needs } from '../support/system.ts';

/** Parts of commands in which the shell and shlex agree: no expansions, no comments, no redirections. */
const parts = fc.constantFrom(
  ...[
    'a',
    'bc',
    '-x',
    'k=v',
    './p',
    '7',
    ' ',
    '  ',
    '\t',
    "'q r'",
    '"s t"',
    '"u\\"v"',
    "'w;x'",
    '"y && z"',
    "''",
    '""',
  ],
  ...['\\ ', '\\;z', "\\'", '\\"', '\\\\', ' ; ', ';', ' && ', '&&', ' || ', '|', ' & ', "'", '"', '"m\\n"', "'\\'"],
);

test('10,000 commands are cut into words as shlex of Python does', async (t) => {
  const sys = needs(t, 'python3');
  if (!sys) return;
  const texts = fc
    .sample(fc.array(parts, { minLength: 1, maxLength: 14 }), { numRuns: 10_000, seed: 20260601 })
    .map((list) => `w${list.join('')} e`);
  await using scratch = await temporaryDirectory();
  const file = join(scratch.path, 'texts.json');
  await writeFile(file, JSON.stringify(texts));
  const oracle = fileURLToPath(new URL('oracle/shell-words.py', import.meta.url));
  const { stdout } = await mustRun(sys.python3, [oracle, file]);
  const expected = JSON.parse(stdout) as (string[][] | null)[];
  const wrong = texts.flatMap((text, index) => {
    const { commands, complete } = parseScript(text);
    const words = commands.map((command) => [...command.assignments, ...command.words].map((word) => word.text));
    const actual = complete ? words : null;
    // shlex does not tell a quoted operator from one.
    if (words.flat().some((word) => /^[;|&]+$/.test(word))) return [];
    return JSON.stringify(actual) === JSON.stringify(expected[index])
      ? []
      : [{ text, actual, expected: expected[index] }];
  });
  assert.deepEqual(wrong.slice(0, 5), []);
  const whole = expected.filter((commands) => commands !== null).length;
  assert.ok(whole > 2_000 && whole < 9_500, `${whole} texts were whole`);
});

/** Files below etc/apt with everything that sources may hold and apt still reads. */
const aptFiles: Readonly<Record<string, string>> = {
  'etc/apt/sources.list': [
    '# deb https://comment.example/ s main',
    'deb https://plain.example/debian s main contrib',
    'deb [arch=amd64 trusted=yes] http://blind.example/x s main # deb https://behind.example/ s main',
    'deb [ trusted=no arch=amd64 ] https://asked.example/x/ s main',
    'deb [trusted=no trusted=yes] https://twice.example/ s main',
    'deb [ trusted=1 ] https://one.example/ s main',
    'deb-src https://source.example/ s main',
    '\tdeb\thttps://tabs.example/\ts\tmain',
    'deb https://user:password@login.example/x s main',
    '',
  ].join('\n'),
  'etc/apt/sources.list.d/a.sources': [
    ...[
      '# comment',
      'Types: deb',
      'URIs: https://first.example https://second.example/x/',
      'Suites: s',
      'Components: main',
    ],
    ...['Trusted: yes', '', ''],
    ...['Enabled: no', 'Types: deb', 'URIs: https://disabled.example', 'Suites: s', 'Components: main', ''],
    ...[
      'enabled: yes',
      'types: deb-src',
      'uris:',
      ' https://folded.example',
      'suites: s',
      'components: main',
      'trusted: No',
      '',
    ],
    ...['Types: deb', 'URIs: https://blank.example', 'Suites: s', 'Components: main', ' ', 'Trusted: with', ''],
    ...['Types: deb', 'URIs: https://again.example', 'URIs: https://last.example', 'Suites: s', 'Components: main', ''],
  ].join('\n'),
  'etc/apt/sources.list.d/b.list': 'deb https://windows.example/ s main\r\n',
  'etc/apt/sources.list.d/.hidden.list': 'deb https://hidden.example/ s main\n',
  'etc/apt/sources.list.d/c.list.save': 'deb https://saved.example/ s main\n',
  'etc/apt/sources.list.d/d e.list': 'deb https://blanks.example/ s main\n',
  'etc/apt/sources.list.d/f.sources.disabled': 'Types: deb\nURIs: https://off.example\nSuites: s\nComponents: main\n',
};

test('sources of apt are enabled and trusted as apt itself takes them', async (t) => {
  const sys = needs(t, 'apt-get');
  if (!sys) return;
  await using scratch = await temporaryDirectory();
  const root = scratch.path;
  for (const [path, text] of Object.entries({ ...aptFiles, 'var/lib/dpkg/status': '', 'var/lib/apt/lists/lock': '' })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const options = [
    '-o',
    `Dir=${root}`,
    '-o',
    `Dir::State::status=${root}/var/lib/dpkg/status`,
    '-o',
    'APT::Architecture=amd64',
  ];
  const lists = join(root, 'var/lib/apt/lists');
  // apt tells whom it trusts only where it has loaded something already: an empty index of each.
  const { stdout: uris } = await mustRun(sys['apt-get'], ['update', '--print-uris', ...options]);
  for (const [, name = ''] of uris.matchAll(/^'[^']*' (\S+)_InRelease /gm)) {
    const hash = '0'.repeat(64);
    const files = ['main/binary-amd64/Packages', 'main/source/Sources'].map((file) => ` ${hash} 0 ${file}\n`);
    await writeFile(join(lists, `${name}_Release`), `Suite: s\nCodename: s\nSHA256:\n${files.join('')}`);
    for (const index of ['main_binary-amd64_Packages', 'main_source_Sources']) {
      await writeFile(join(lists, `${name}_${index}`), '');
    }
  }
  const format = ['REPO_URI', 'TRUSTED'].map((name) => `$(${name})`).join(' ');
  const { stdout } = await mustRun(sys['apt-get'], ['indextargets', '--format', format, ...options]);
  // User and password are of no interest here.
  const expected = new Set(
    stdout
      .replaceAll(/\/\/[^/@]*@/g, '//')
      .trim()
      .split('\n'),
  );
  const actual = new Set(
    Object.entries(aptFiles).flatMap(([path, text]) => {
      const entry = { path } as FileEntry;
      if (!aptReader.wants(entry)) return [];
      const { repositories = [] } = aptReader.read(Buffer.from(text), entry) ?? {};
      return repositories.map(({ shown, unchecked }) => `${shown.replace(/\/*$/, '/')} ${unchecked ? 'yes' : 'no'}`);
    }),
  );
  assert.deepEqual([...actual].sort(), [...expected].sort());
  assert.ok(expected.size >= 13, `${expected.size} repositories`);
});

const settings: readonly string[] = [
  'APT::Get::AllowUnauthenticated "true";',
  'APT::Get::AllowUnauthenticated "0";',
  'apt::get { AllowUnauthenticated "yes"; };',
  'APT { Get { Assume-Yes "1"; AllowUnauthenticated "on"; }; Install-Recommends "0"; };',
  'Acquire { AllowInsecureRepositories "1"; http { Proxy "http://x:1/"; }; };',
  '// APT::Get::AllowUnauthenticated "1";\nAcquire::AllowWeakRepositories "true";',
  '/* a\nAPT::Get::AllowUnauthenticated "1"; */ Acquire::Retries "3";',
  '# APT::Get::AllowUnauthenticated "1";',
  'DPkg::Post-Invoke { "rm -f x || true"; "echo APT::Get::AllowUnauthenticated 1"; };',
  'Acquire::http::AllowInsecureRepositories "1";',
  'APT::Get::AllowUnauthenticated true;',
  'Acquire { AllowDowngradeToInsecureRepositories "with"; };',
];

test('settings of apt that let anything in are those that apt-config tells', async (t) => {
  const sys = needs(t, 'apt-config');
  if (!sys) return;
  await using scratch = await temporaryDirectory();
  const dangerous =
    /^(apt::get::allowunauthenticated|acquire::allow(insecure|weak|downgradetoinsecure)repositories) "(1|yes|true|on|with|enable)";$/i;
  let on = 0;
  for (const [index, text] of settings.entries()) {
    const file = join(scratch.path, `${index}.conf`);
    await writeFile(file, `${text}\n`);
    const { code, stdout, stderr } = await run(sys['apt-config'], ['-c', file, 'dump']);
    assert.equal(code, 0, `${text}: ${stderr}`);
    const expected = stdout.split('\n').filter((line) => dangerous.test(line)).length;
    assert.equal(readAptConf(text).settings.length, expected, text);
    on += expected;
  }
  assert.equal(on, 7);
});
