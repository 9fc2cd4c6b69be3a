import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { hostKeyReader } from '../../src/detectors/baseline/access/ssh/host-keys.ts';
import { sshReader } from '../../src/detectors/baseline/access/ssh/ssh-file.ts';
import { type SshdConfig, sshdConfig } from '../../src/detectors/baseline/access/ssh/sshd-config.ts';
import { seconds } from '../../src/detectors/baseline/access/ssh/sshd-hardening.ts';
import type { FileEntry } from '../../src/image/index.ts';
import { withContext } from '../support/check-context.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { pick, type Random, seeded } from '../support/random.ts';
import { mustRun, run } from '../support/run.ts';
import { needs } from '../support/system.ts';

/** Keywords that are compared, with values that the server accepts. */
const values: Readonly<Record<string, readonly string[]>> = {
  PermitRootLogin: ['yes', 'no', 'prohibit-password', 'forced-commands-only'],
  PermitEmptyPasswords: ['yes', 'no'],
  PasswordAuthentication: ['yes', 'no', 'YES'],
  MaxAuthTries: ['3', '6', '7', '100'],
  LoginGraceTime: ['0', '30', '2m', '1h30m', '121s'],
  ClientAliveInterval: ['0', '15', '5m'],
  X11Forwarding: ['yes', 'no'],
  LogLevel: ['QUIET', 'INFO', 'VERBOSE'],
  Ciphers: ['aes256-ctr', 'aes128-cbc,aes256-ctr', '3des-cbc'],
  MACs: ['hmac-sha2-256', 'hmac-md5-96,hmac-sha1'],
  KexAlgorithms: ['curve25519-sha256', 'diffie-hellman-group1-sha1,curve25519-sha256'],
};
/** Not allowed inside of Match. */
const globalOnly = new Set(['LoginGraceTime', 'Ciphers', 'MACs', 'KexAlgorithms']);
const times = new Set(['logingracetime', 'clientaliveinterval']);

/** One line, spelled in one of the ways that mean the same. */
function line(random: Random, inMatch: boolean): string {
  const key = pick(
    random,
    Object.keys(values).filter((name) => !inMatch || !globalOnly.has(name)),
  );
  const value = pick(random, values[key] ?? []);
  const spelled = pick(random, [key, key.toLowerCase(), key.toUpperCase()]);
  return pick(random, [
    `${spelled} ${value}`,
    `  ${spelled}\t${value}  `,
    `${spelled}=${value}`,
    `${spelled} = "${value}"`,
    `${spelled} "${value}" # note`,
    `# ${spelled} ${value}`,
  ]);
}

/** A configuration file; `include` says what it may include. */
function config(random: Random, include: readonly string[], match: readonly string[], included = true): string {
  const lines: string[] = [];
  // A file may be included from inside of a Match block, where the server refuses some keywords.
  let inMatch = included;
  for (let count = Math.floor(random() * 8); count >= 0; count--) {
    const what = random();
    if (what < 0.2 && include.length > 0) lines.push(`Include ${pick(random, include)}`);
    else if (what < 0.35 && match.length > 0) {
      lines.push(`Match ${pick(random, match)}`);
      inMatch = true;
    } else lines.push(line(random, inMatch));
  }
  return `${lines.join('\n')}\n`;
}

/** The server needs this folder, which its package makes when it starts. */
function prepared(t: TestContext): boolean {
  try {
    mkdirSync('/run/sshd', { recursive: true });
    return true;
  } catch {
    t.skip('needs the right to make /run/sshd');
    return false;
  }
}

/** What `sshd -T` prints, by keyword. */
function printed(stdout: string): ReadonlyMap<string, string> {
  return new Map(stdout.split('\n').map((text) => [text.split(' ')[0] ?? '', text.slice(text.indexOf(' ') + 1)]));
}

/** Our value of a keyword for a user, in the words of `sshd -T`; undefined where nothing is written. */
function effective({ values: found }: SshdConfig, key: string, user: string | undefined): string | undefined {
  const all = found.get(key) ?? [];
  // A block inside of a block holds where both do.
  const holds = (match: string | null): boolean => match?.split(', ').every((one) => one === `User ${user}`) === true;
  const value = all.find(({ match }) => holds(match)) ?? all.find(({ match }) => match === null);
  const text = value?.args[0];
  if (text === undefined || !times.has(key))
    return text?.replace('prohibit-password', 'without-password').replace('QUIET', 'SILENT');
  return String(seconds(text));
}

interface Place {
  readonly path: string;
  readonly sshd: string;
}

/** Writes the same files for the server and into an image, and compares every keyword. */
async function compare(place: Place, files: Readonly<Record<string, string>>, user?: string): Promise<void> {
  const folder = join(place.path, 'sshd_config.d');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const hostKey = `HostKey ${join(place.path, 'key')}\n`;
  const all: Record<string, string> = { ...files, sshd_config: hostKey + (files.sshd_config ?? '') };
  for (const [name, content] of Object.entries(all)) await writeFile(join(place.path, name), content);
  const connection = user === undefined ? [] : ['-C', `user=${user},host=h,addr=10.0.0.1`];
  const signal = AbortSignal.timeout(20_000);
  const { code, stdout, stderr } = await run(place.sshd, ['-T', '-f', join(place.path, 'sshd_config'), ...connection], {
    signal,
  });
  const context = JSON.stringify(all);
  assert.equal(code, 0, `${stderr} ${context}`);
  const theirs = printed(stdout);
  const defaults = printed((await cachedDefaults(place)).stdout);
  const inImage = place.path.slice(1);
  const layer = Object.fromEntries(Object.entries(all).map(([name, content]) => [`${inImage}/${name}`, content]));
  const settings = { Cmd: ['sshd', '-f', join(place.path, 'sshd_config')] };
  const mine = await withContext([sshReader], [layer], sshdConfig, { settings });
  for (const key of Object.keys(values).map((name) => name.toLowerCase())) {
    const expected = theirs.get(key) ?? '';
    const ours = effective(mine, key, user) ?? defaults.get(key) ?? '';
    assert.equal(ours.toLowerCase(), expected.toLowerCase(), `${key}: ${context}`);
  }
  assert.deepEqual(mine.unread, []);
}

let defaults: ReturnType<typeof run> | undefined;

function cachedDefaults(place: Place): ReturnType<typeof run> {
  defaults ??= mustRun(place.sshd, ['-T', '-f', '/dev/null', '-h', join(place.path, 'key')]);
  return defaults;
}

test('effective values of the SSH server are those that sshd -T prints, with includes and Match blocks', async (t) => {
  const sys = needs(t, 'sshd', 'ssh-keygen');
  if (!sys || !prepared(t)) return;
  await using directory = await temporaryDirectory();
  const place = { path: directory.path, sshd: sys.sshd };
  await mustRun(sys['ssh-keygen'], ['-q', '-t', 'ed25519', '-N', '', '-f', join(place.path, 'key')]);
  const at = (pattern: string): string => join(place.path, 'sshd_config.d', pattern);
  const includes = [at('*.conf'), `"${at('1?.conf')}"`, at('[ab]*'), `${at('b.conf')} ${at('10.conf')}`, at('absent')];
  const random = seeded(5);
  for (let round = 0; round < 220; round++) {
    const withUser = round % 2 === 0;
    const match = withUser ? ['User bob', 'User alice'] : ['all', 'User bob', 'Address 10.9.0.0/16'];
    const files = {
      'sshd_config.d/10.conf': config(random, [], match),
      'sshd_config.d/b.conf': config(random, [at('.hidden'), at('1*')], match),
      'sshd_config.d/.hidden': config(random, [], []),
      'sshd_config.d/a.old': config(random, [], match),
      sshd_config: config(random, includes, match, false),
    };
    await compare(place, files, withUser ? 'bob' : undefined);
  }
});

test('the type of a host key is what ssh-keygen says', async (t) => {
  const sys = needs(t, 'ssh-keygen');
  if (!sys) return;
  await using directory = await temporaryDirectory();
  const types = { ed25519: 'ssh-ed25519', ecdsa: 'ecdsa-sha2-nistp256', rsa: 'ssh-rsa' };
  for (const [type, expected] of Object.entries(types)) {
    for (const [form, options] of [
      ['', []],
      ['pem', ['-m', 'PEM']],
    ] as const) {
      const path = join(directory.path, `ssh_host_${type}${form}_key`);
      await mustRun(sys['ssh-keygen'], ['-q', '-t', type, '-N', '', ...options, '-f', path]);
      const facts = hostKeyReader.read(await readFile(path), { path } as FileEntry);
      const told = facts?.header.includes('OPENSSH') ? expected : { ecdsa: 'ec', rsa: 'rsa' }[type];
      assert.equal(facts?.type, told, `${type} ${form}`);
      assert.ok(!JSON.stringify(facts).includes((await readFile(path, 'utf8')).split('\n')[1] ?? '-'));
    }
  }
});
