import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { detect, detectorOptions } from '../../../test/support/detection.ts';
import type { SensitiveFile } from '../contract.ts';
import { createSecrets } from './detector.ts';
import { openSshKey } from './testdata/key-examples.ts';
import { armor, made, madeBytes, sequence } from './testdata/made.ts';

const options = detectorOptions(['secret']);
const token = `glpat${'-'}${made(20)}`;
const password = made(14);

const brief = (files: readonly SensitiveFile[] | undefined): string[] =>
  (files ?? []).map(({ rule, path, level, present }) => `${rule} ${path} ${level} ${present ? 'present' : 'deleted'}`);

test('every layer is looked at, and what a later one deleted or replaced is found and flagged', async () => {
  const { sensitive } = await detect(options, [
    { 'srv/gone.txt': token, 'srv/changed.txt': token, 'srv/kept.txt': token },
    { 'srv/.wh.gone.txt': '', 'srv/changed.txt': 'nothing' },
  ]);
  assert.deepEqual(brief(sensitive), [
    'gitLab_personal_token srv/changed.txt high deleted',
    'gitLab_personal_token srv/gone.txt high deleted',
    'gitLab_personal_token srv/kept.txt high present',
  ]);
});

test('the same value in many files has one id, which only the key of the installation gives', async () => {
  const { sensitive } = await detect(options, [{ 'srv/a.txt': token, 'srv/b.txt': `x\n${token}` }]);
  const expected = createHmac('sha256', 'key of the tests').update(token).digest('hex').slice(0, 32);
  assert.deepEqual(
    sensitive?.map(({ secretId }) => secretId),
    [expected, expected],
  );
  const other = await detect({ ...options, secretKey: Buffer.from('another key') }, [{ 'srv/a.txt': token }]);
  assert.notEqual(other.sensitive?.[0]?.secretId, expected);
});

test('facts are kept under a name that changes with the key and with the rules', () => {
  const idOf = (key: string, on: readonly string[], off: readonly string[] = []): string | undefined =>
    createSecrets({ secretKey: Buffer.from(key), secrets: { off, on } }).analyses[0]?.id;
  assert.equal(idOf('a', []), idOf('a', []));
  assert.notEqual(idOf('a', []), idOf('b', []));
  assert.notEqual(idOf('a', []), idOf('a', ['generic_api_key']));
  // Switching a rule off changes what is reported, not what is known.
  assert.equal(idOf('a', []), idOf('a', [], ['npm_token']));
});

test('rules are switched on and off by their keys', async () => {
  const layers = [{ 'srv/a.txt': `${token}\napi_key = "${made(24)}"\n` }];
  const keys = async (secrets: { off: string[]; on: string[] }): Promise<string[] | undefined> =>
    (await detect({ ...options, secrets }, layers)).sensitive?.map(({ rule }) => rule);
  assert.deepEqual(await keys({ off: [], on: [] }), ['gitLab_personal_token']);
  assert.deepEqual(await keys({ off: ['gitLab_personal_token'], on: ['generic_api_key'] }), ['generic_api_key']);
});

test('tests and examples lower the level and are never left out', async () => {
  const { sensitive } = await detect(options, [
    { 'srv/app/tests/a.txt': token, 'srv/app/.env.example': `A_TOKEN=${token}` },
  ]);
  assert.deepEqual(brief(sensitive), [
    'gitLab_personal_token srv/app/.env.example medium present',
    'gitLab_personal_token srv/app/tests/a.txt medium present',
  ]);
});

const dpkg = (files: readonly string[]) => ({
  'var/lib/dpkg/status': 'Package: app\nStatus: install ok installed\nVersion: 1\nArchitecture: all\nMaintainer: x\n\n',
  'var/lib/dpkg/info/app.list': `/.\n${files.map((file) => `/${file}\n`).join('')}`,
  'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
});

test('files of packages are left out as the package brought them, but not what people write, nor what was put over them', async () => {
  const files = ['usr/share/app/a.txt', 'usr/share/app/b.txt', 'etc/app.conf'];
  const { sensitive } = await detect(options, [
    { ...dpkg(files), 'usr/share/app/a.txt': token, 'usr/share/app/b.txt': 'x', 'etc/app.conf': token },
    { 'usr/share/app/b.txt': token },
  ]);
  assert.deepEqual(brief(sensitive), [
    'gitLab_personal_token etc/app.conf high present',
    'gitLab_personal_token usr/share/app/b.txt high present',
  ]);
});

test('the texts of the config and the instructions are looked at', async () => {
  const { sensitive } = await detect(options, [{ 'srv/a': 'x' }], {
    settings: {
      Env: [`DB_PASSWORD=${password}`, 'PATH=/bin'],
      Labels: { token: password },
      Cmd: ['app', '--password', password],
      Entrypoint: ['sh'],
      Healthcheck: { Test: ['CMD', 'curl', '-u', 'x', `https://me:${password}@test.example/`] },
    },
    config: {
      history: [
        { created_by: `|1 API_TOKEN=${token} /bin/sh -c make` },
        { created_by: `ENV X_SECRET=${password}`, empty_layer: true },
      ],
    },
  });
  assert.deepEqual(
    sensitive?.map(({ rule, path, line, offset, layer }) => [rule, path, line, offset, layer !== null]),
    [
      ['gitLab_personal_token', 'history:0', null, null, true],
      ['common_cred', 'config:Cmd', null, null, false],
      ['common_cred', 'config:Env', null, null, false],
      ['common_cred', 'config:Healthcheck', null, null, false],
      ['common_cred', 'config:Labels', null, null, false],
      ['common_cred', 'history:1', null, null, false],
    ],
  );
});

test('a private key is told by kind, place and whether it needs a passphrase', async () => {
  const der = sequence(Buffer.from([2, 1, 0]), madeBytes(300));
  const { sensitive } = await detect(options, [
    {
      'srv/rsa.txt': armor('RSA ', der),
      'srv/locked.txt': armor('RSA ', madeBytes(304), 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n'),
      'srv/ec.txt': armor('EC ', der),
      'srv/dsa.txt': armor('DSA ', der),
      'srv/pkcs.js': `const key = "${armor('', der).trimEnd().replaceAll('\n', '\\n')}";\n`,
      'srv/encrypted.txt': armor('ENCRYPTED ', der),
      'srv/openssh.txt': openSshKey('none'),
      'srv/aes.txt': openSshKey('aes256-ctr'),
      'root/.ssh/id_ed25519': openSshKey('none'),
      'root/.ssh/github': openSshKey('none'),
      'etc/ssh/ssh_host_rsa_key': openSshKey('none'),
      'srv/broken.pem': armor('RSA ', Buffer.from('this is text and no key at all, only long enough')),
      'srv/published.txt': armor('', Buffer.from(rfc8410, 'base64')),
      'srv/certificate.pem': armor('', der).replaceAll(`PRIVATE ${'KEY'}`, 'CERTIFICATE'),
      'srv/public.pem': armor('', der).replaceAll('PRIVATE', 'PUBLIC'),
    },
  ]);
  assert.deepEqual(
    brief(sensitive).map((text) => text.replace(' present', '')),
    [
      'github_ssh_key root/.ssh/github high',
      'ssh_private_key root/.ssh/id_ed25519 high',
      'dsa_private_key srv/dsa.txt high',
      'ec_private_key srv/ec.txt high',
      'openssh_private_key srv/openssh.txt high',
      'pkcs_private_key srv/pkcs.js high',
      'rsa_private_key srv/rsa.txt high',
      'ssh_private_key etc/ssh/ssh_host_rsa_key medium',
      'openssh_private_key srv/aes.txt medium',
      'pkcs_private_key srv/encrypted.txt medium',
      'rsa_private_key srv/locked.txt medium',
      'pem srv/broken.pem low',
      'pkcs_private_key srv/published.txt low',
    ],
  );
  assert.equal(
    sensitive?.find(({ path }) => path === 'srv/rsa.txt')?.excerpt,
    `-----BEGIN RSA PRIVATE ${'KEY'}----- (not encrypted)`,
  );
});

/** The private key that RFC 8410 prints in section 10.3. */
const rfc8410 = 'MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC';
