import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { helperRunner } from './helper.ts';
import { authFilePaths, storedCredentials } from './stored.ts';

const signal = new AbortController().signal;
const auth = (text: string): object => ({ auth: Buffer.from(text).toString('base64') });
const basic = (username: string, password: string) => ({ kind: 'basic', username, password });

function provider(files: Record<string, object>, helpers: Record<string, string> = {}) {
  const asked: string[] = [];
  const find = storedCredentials({
    env: { HOME: '/h', XDG_RUNTIME_DIR: '/run/u' },
    read: async (path) => (files[path] ? Buffer.from(JSON.stringify(files[path])) : undefined),
    runHelper: async (name, server) => {
      asked.push(`${name} ${server}`);
      const password = helpers[`${name} ${server}`];
      return password === undefined ? undefined : { kind: 'basic', username: 'helper', password };
    },
  });
  return { asked, find: (registry: string, repository?: string) => find({ registry, repository }, signal) };
}

test('files are looked for where docker and podman keep them', () => {
  assert.deepEqual(authFilePaths({ HOME: '/h', XDG_RUNTIME_DIR: '/run/u' }), [
    '/run/u/containers/auth.json',
    '/h/.config/containers/auth.json',
    '/h/.docker/config.json',
  ]);
  assert.deepEqual(authFilePaths({ HOME: '/h', DOCKER_CONFIG: '/d' }), [
    '/h/.config/containers/auth.json',
    '/d/config.json',
  ]);
  assert.deepEqual(authFilePaths({ HOME: '/h', REGISTRY_AUTH_FILE: '/f.json' }), ['/f.json']);
  assert.deepEqual(authFilePaths({}), []);
});

test('the most exact key counts, and podman comes before docker', async () => {
  const { find } = provider({
    '/run/u/containers/auth.json': { auths: { 'r.example/team': auth('t:1'), 'r.example': auth('r:2') } },
    '/h/.docker/config.json': {
      auths: {
        'https://index.docker.io/v1/': auth('hub:p:with:colons'),
        'r.example': auth('d:3'),
        'd.example': auth('d:4'),
      },
    },
  });
  assert.deepEqual(await find('r.example', 'team/app'), basic('t', '1'));
  assert.deepEqual(await find('r.example', 'teamwork/app'), basic('r', '2'));
  assert.deepEqual(await find('r.example'), basic('r', '2'));
  assert.deepEqual(await find('d.example', 'x'), basic('d', '4'));
  assert.deepEqual(await find('docker.io', 'library/debian'), basic('hub', 'p:with:colons'));
});

test('credentials are bound to the exact host and port', async () => {
  const { find } = provider({
    '/h/.docker/config.json': { auths: { 'r.example': auth('a:b'), 'p.example:5000': auth('c:d') } },
  });
  for (const host of ['r.example.evil', 'x.r.example', 'r.example:5000', 'R.example', 'p.example', 'p.example:5001']) {
    assert.equal(await find(host, 'app'), undefined, host);
  }
});

test('identity tokens, plain fields and hostile keys are understood', async () => {
  const raw = Buffer.from(
    '{"auths":{"i.example":{"auth":"dTpw","identitytoken":"tok"},"p.example":{"username":"u","password":"p"},"z.example":{"username":"<token>","password":"zt"},"__proto__":{"auth":"dTpw"},"broken":{"auth":"!!!"},"n":5}}',
  );
  const find = storedCredentials({ env: { REGISTRY_AUTH_FILE: '/a' }, read: async () => raw });
  assert.deepEqual(await find({ registry: 'i.example', repository: undefined }, signal), {
    kind: 'identity',
    token: 'tok',
  });
  assert.deepEqual(await find({ registry: 'p.example', repository: undefined }, signal), basic('u', 'p'));
  assert.deepEqual(await find({ registry: 'z.example', repository: undefined }, signal), {
    kind: 'identity',
    token: 'zt',
  });
  assert.equal(await find({ registry: 'broken', repository: undefined }, signal), undefined);
  assert.equal(await find({ registry: 'toString', repository: undefined }, signal), undefined);
});

test('a helper for one registry comes first, the general one last', async () => {
  const { find, asked } = provider(
    {
      '/h/.docker/config.json': {
        auths: { 'own.example': auth('a:1'), 'stored.example': auth('s:2') },
        credHelpers: { 'own.example': 'ecr' },
        credsStore: 'pass',
      },
    },
    { 'ecr own.example': '9', 'pass https://index.docker.io/v1/': '8' },
  );
  assert.deepEqual(await find('own.example', 'x'), basic('helper', '9'));
  assert.deepEqual(await find('stored.example', 'x'), basic('s', '2'));
  assert.deepEqual(await find('docker.io', 'library/x'), basic('helper', '8'));
  assert.equal(await find('unknown.example', 'x'), undefined);
  assert.deepEqual(asked, ['ecr own.example', 'pass https://index.docker.io/v1/', 'pass unknown.example']);
});

test('a damaged file is an error that does not show its content', async () => {
  const find = storedCredentials({
    env: { REGISTRY_AUTH_FILE: '/a' },
    read: async () => Buffer.from('{"auths": secret'),
  });
  await assert.rejects(find({ registry: 'r', repository: undefined }, signal), (error: Error) => {
    assert.ok(error.message.includes('/a') && !error.message.includes('secret'));
    return true;
  });
});

test('a real helper process gets the server on its input and is bounded', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-helper-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const script = async (name: string, body: string): Promise<void> => {
    const path = join(directory, `docker-credential-${name}`);
    await writeFile(path, `#!/bin/sh\n${body}\n`);
    await chmod(path, 0o755);
  };
  const run = helperRunner({ PATH: `${directory}:${process.env.PATH}` });
  await script(
    'ok',
    'read server; echo "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"$1\\",\\"Secret\\":\\"for $server\\"}"',
  );
  assert.deepEqual(await run('ok', 'r.example', signal), basic('get', 'for r.example'));
  await script('none', 'echo "credentials not found in native keychain"; exit 1');
  assert.equal(await run('none', 'r.example', signal), undefined);
  await script('fails', 'echo canary-secret; exit 3');
  await assert.rejects(run('fails', 'r', signal), (e: Error) => !e.message.includes('canary'));
  await script('loud', 'yes | head -c 200000');
  await assert.rejects(run('loud', 'r', signal), { code: 'invalid_credentials' });
  await script('garbage', 'echo not json');
  await assert.rejects(run('garbage', 'r', signal), { code: 'invalid_credentials' });
  await assert.rejects(run('missing', 'r', signal), { code: 'invalid_credentials' });
  for (const name of ['../ok', '-x', 'a b', '', 'ok;id']) {
    await assert.rejects(run(name, 'r', signal), { code: 'invalid_credentials' }, name);
  }
});
