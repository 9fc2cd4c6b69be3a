import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openHash } from '../../src/detectors/baseline/accounts/crypt/open-hash.ts';
import { defaultBaselineSettings } from '../../src/detectors/index.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { detect, detectorOptions } from '../support/detection.ts';
import { pick, type Random, seeded, some } from '../support/random.ts';
import { mustRun, run } from '../support/run.ts';
import { needs } from '../support/system.ts';

/** What the system's crypt makes of a password with a setting, through Perl, for many at once. */
async function crypted(
  perl: string,
  pairs: readonly (readonly [password: string, setting: string])[],
): Promise<string[]> {
  const script = 'while (@ARGV) { my ($p, $s) = splice @ARGV, 0, 2; print crypt($p, $s) // "", "\\n"; }';
  const { stdout } = await mustRun(perl, ['-e', script, ...pairs.flat()]);
  return stdout.split('\n').slice(0, pairs.length);
}

const digits = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const text = (random: Random, length: number): string =>
  Array.from({ length }, () => pick(random, [...digits])).join('');
/** A number of 30 bits as scrypt's setting writes it. */
const thirty = (value: number): string =>
  Array.from({ length: 5 }, (_, at) => digits[(value >> (6 * at)) & 63]).join('');

/** Settings of every scheme that is implemented, with several salts and costs. */
function settings(random: Random): readonly string[] {
  return [
    ...['ab', './', 'zZ', text(random, 2)],
    ...['', 'x', text(random, 8)].map((salt) => `$1$${salt}$`),
    ...['5', '6'].flatMap((id) => [
      ...['', text(random, 8), text(random, 16)].map((salt) => `$${id}$${salt}$`),
      ...[1000, 1001, 6001].map((rounds) => `$${id}$rounds=${rounds}$${text(random, 16)}$`),
    ]),
    ...['a', 'b', 'y'].flatMap((kind) => ['04', '05'].map((cost) => `$2${kind}$${cost}$${text(random, 21)}e`)),
    ...[
      [4, 1, 1],
      [8, 8, 1],
      [10, 4, 3],
    ].map(([n = 1, r = 1, p = 1]) => `$7$${digits[n]}${thirty(r)}${thirty(p)}${text(random, 12)}`),
    // Cost of yescrypt: flavour, power of n, r; then what is optional: p, t, both. The default of Debian comes first.
    ...['j9T', 'j75', 'j3.', 'j5.', 'j75..', 'j75./', 'j75/.', 'j75//', 'j75/0', 'j750//', 'j850..'].map(
      (cost) => `$y$${cost}$${text(random, 21)}.`,
    ),
  ];
}

test('every scheme of crypt gives what the system makes of it, and takes no other password', async (t) => {
  const sys = needs(t, 'perl');
  if (!sys) return;
  const random = seeded(7);
  const passwords = ['', 'a', 'password', 'longer than eight', 'pässwörd✓', 'x'.repeat(70)];
  const pairs = settings(random).flatMap((setting) =>
    some(random, passwords, 0.5).map((password) => [password, setting] as const),
  );
  const hashes = await crypted(sys.perl, pairs);
  const wrong: string[] = [];
  let checked = 0;
  for (const [index, [password, setting]] of pairs.entries()) {
    const field = hashes[index] ?? '';
    // A scheme that this system's crypt does not have, such as yescrypt before Debian 11.
    if (field === '' || field.startsWith('*')) continue;
    const hash = openHash(field);
    const fits = 'closed' in hash ? hash.closed : hash.matches(password);
    // DES takes eight characters and seven bits of each, bcrypt 72: a change at the start always counts.
    const other = 'closed' in hash ? true : hash.matches(`~${password}`);
    if (fits !== true || other !== false) wrong.push(`${setting} ${JSON.stringify(password)}: ${fits}, ${other}`);
    checked++;
  }
  assert.deepEqual(wrong, []);
  assert.ok(checked > 60, `${checked} hashes`);
});

test('hashes as mkpasswd makes them are opened; schemes that are not implemented are said to be', async (t) => {
  const sys = needs(t, 'mkpasswd');
  if (!sys) return;
  const password = 'made up for the tests';
  for (const method of [
    'yescrypt',
    'scrypt',
    'bcrypt',
    'bcrypt-a',
    'sha512crypt',
    'sha256crypt',
    'md5crypt',
    'descrypt',
  ]) {
    const made = await run(sys.mkpasswd, ['-m', method, password]);
    if (made.code !== 0) continue;
    const hash = openHash(made.stdout.trim());
    assert.ok(!('closed' in hash) && hash.matches(password) && !hash.matches('another'), method);
  }
  for (const method of ['gost-yescrypt', 'bsdicrypt', 'sunmd5', 'nt']) {
    const made = await run(sys.mkpasswd, ['-m', method, password]);
    if (made.code !== 0) continue;
    const hash = openHash(made.stdout.trim());
    assert.ok('closed' in hash && hash.closed.includes('not implemented'), method);
  }
});

/** What pwck or grpck complain about, by kind, with the line that it is about. */
function complaints(stdout: string): string[] {
  const found: string[] = [];
  let last = '';
  for (const line of stdout.split('\n')) {
    const about = /^(?:delete line|add (?:user|group)) '(?<text>[^']*)'/.exec(line)?.groups?.text;
    if (about === undefined) last = line;
    else if (/^invalid .*entry$/.test(last)) found.push(`malformed ${about}`);
    else if (/^duplicate (password|group) entry$/.test(last)) found.push(`duplicate ${about.split(':')[0]}`);
    else if (/^no matching password file entry in .*shadow$/.test(last)) found.push(`unshadowed ${about}`);
  }
  return found;
}

async function ours(files: Readonly<Record<string, string>>): Promise<string[]> {
  const settings = { ...defaultBaselineSettings, passwords: { ...defaultBaselineSettings.passwords, enabled: false } };
  const policy = { name: 'test', asks: ({ id }: { id: string }) => /^ID-0(04|05|11)$/.test(id), settings };
  const { baseline } = await detect(detectorOptions(['baseline'], { policy }), [files]);
  const lines = Object.fromEntries(Object.entries(files).map(([path, content]) => [path, content.split('\n')]));
  const found: string[] = [];
  for (const { check, evidence } of baseline?.failed ?? []) {
    for (const { path, line, excerpt } of evidence) {
      const content = lines[path]?.[(line ?? 0) - 1] ?? '';
      const name = content.split(':')[0];
      if (check !== 'ID-011') {
        if (excerpt?.includes('name also in line')) found.push(`duplicate ${name}`);
      } else if (excerpt?.endsWith('no line in shadow')) found.push(`unshadowed ${name}`);
      else found.push(`malformed ${content}`);
    }
  }
  return found;
}

/** A name and numbers that are often right and often not. */
function randomLine(random: Random, shape: 'passwd' | 'shadow' | 'group' | 'gshadow'): string {
  const name = pick(random, ['root', 'app', 'web', 'db', 'job', 'ops']);
  const id = pick(random, ['0', '5', '6', '1000', '07', '', 'x', '-1', '4294967296', ' 5']);
  const days = pick(random, ['', '0', '19000', '-1', 'x', '99999']);
  const whole = {
    passwd: `${name}:${pick(random, ['x', '*'])}:${id}:5::/:/bin/sh`,
    shadow: `${name}:*:${days}:0:99999:7:::`,
    group: `${name}:x:${id}:`,
    gshadow: `${name}:*::`,
  }[shape];
  const cut = whole.split(':');
  if (random() < 0.7) return whole;
  return random() < 0.3 ? `${whole}:more` : cut.slice(0, Math.floor(random() * cut.length)).join(':');
}

test('pwck and grpck complain about the same lines', async (t) => {
  const sys = needs(t, 'pwck', 'grpck');
  if (!sys) return;
  await using place = await temporaryDirectory();
  const random = seeded(11);
  for (let round = 0; round < 40; round++) {
    const file = (shape: Parameters<typeof randomLine>[1]): string => {
      const lines = Array.from({ length: 1 + Math.floor(random() * 6) }, () => randomLine(random, shape));
      return lines
        .filter((line) => line !== '')
        .map((line) => `${line}\n`)
        .join('');
    };
    for (const [program, main, shadow] of [
      ['pwck', 'passwd', 'shadow'],
      ['grpck', 'group', 'gshadow'],
    ] as const) {
      const content = { [`etc/${main}`]: file(main), [`etc/${shadow}`]: file(shadow) };
      const paths = [join(place.path, main), join(place.path, shadow)];
      await Promise.all(paths.map((path, index) => writeFile(path, Object.values(content)[index] ?? '')));
      const signal = AbortSignal.timeout(10_000);
      const env = { ...process.env, LC_ALL: 'C' };
      const { stdout } = await run(sys[program], ['-r', ...paths], { env, signal });
      const theirs = complaints(stdout);
      // To the tools a line with an odd number is no entry; the C library takes it, and so do our other checks.
      const odd = new Set(theirs.flatMap((said) => /^malformed ([^:]*)/.exec(said)?.slice(1) ?? []));
      const comparable = (said: readonly string[]): string[] =>
        [...new Set(said)].filter((one) => one.startsWith('malformed') || !odd.has(one.split(' ')[1] ?? '')).sort();
      // The tools name both lines of a duplicate, we name the later one.
      assert.deepEqual(comparable(await ours(content)), comparable(theirs), JSON.stringify(content));
    }
  }
});
