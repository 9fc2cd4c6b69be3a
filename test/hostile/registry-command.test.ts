import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FixReport } from '../../src/findings/index.ts';
import { root } from '../arch/source-tree.ts';
import { canarySecret, e0World } from '../support/e0.ts';
import { provideArchive, provideDebian, toyArchive, toyDebianLayer } from '../support/e0-debian.ts';
import { type FakeRegistry, type FakeRegistryOptions, startFakeRegistry } from '../support/fake-registry.ts';
import { reply } from '../support/fake-registry-store.ts';
import { run as start } from '../support/run.ts';
import { tar } from '../support/test-image.ts';

/**
 * Groups 8, 20–24, 34, 36 and 37 of hostile-inputs.md through the real command line: a registry in this process, and a
 * canary credential that only this registry may see.
 */
const world = await e0World();
const advisories = await e0World();
const basic: FakeRegistryOptions = { auth: { kind: 'basic', user: 'user', password: canarySecret } };

async function registry(options: FakeRegistryOptions = basic): Promise<FakeRegistry> {
  const fake = await startFakeRegistry(options);
  after(() => fake.close());
  fake.pushTestImage('team/app', 'v1', [toyDebianLayer()]);
  return fake;
}

/** Lets the user's stored credentials be those of one registry. */
async function login(place: typeof world, host: string): Promise<void> {
  const auth = Buffer.from(`user:${canarySecret}`).toString('base64');
  await writeFile(join(place.private, 'home/.docker/config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
}

interface Row {
  readonly group: number;
  readonly name: string;
  readonly fake?: FakeRegistryOptions;
  readonly arrange?: (fake: FakeRegistry, elsewhere: FakeRegistry) => void;
  /** Reference to scan instead of `team/app:v1` of the fake. */
  readonly reference?: (fake: FakeRegistry) => string;
  /** Exit code. */
  readonly exit: number;
  readonly stderr?: RegExp;
  /** Whether the other server is contacted, which must never see the credential. */
  readonly elsewhere?: true;
}

const always = { times: Number.POSITIVE_INFINITY };
const authorised = (answer: () => ReturnType<typeof reply>) => ({
  ...always,
  answer: (request: { headers: Readonly<Record<string, string | undefined>> }) =>
    request.headers.authorization ? answer() : undefined,
});

const rows: readonly Row[] = [
  { group: 22, name: 'an honest registry', exit: 0 },
  {
    group: 20,
    name: 'metadata address',
    reference: () => '169.254.169.254/latest/meta-data:v1',
    exit: 1,
    stderr: /not allowed|denied|169\.254/,
  },
  { group: 20, name: 'IPv6 unspecified address', reference: () => '[::]:80/team/app:v1', exit: 1 },
  { group: 20, name: 'IPv4-mapped metadata address', reference: () => '[::ffff:169.254.169.254]/x:v1', exit: 2 },
  { group: 20, name: 'localhost with a final dot', reference: () => 'localhost.:1/team/app:v1', exit: 2 },
  { group: 20, name: 'hexadecimal loopback address', reference: () => '0x7f.1:1/team/app:v1', exit: 2 },
  { group: 20, name: 'user in the reference', reference: () => 'good@evil.example/app:v1', exit: 2 },
  { group: 20, name: 'line feed in the reference', reference: () => 'registry.example/app:v1\nX-Evil: 1', exit: 2 },
  { group: 20, name: 'look-alike letters', reference: () => 'rеgistry.example/app:v1', exit: 2 },
  {
    group: 21,
    name: 'blob on another server',
    arrange: (fake, elsewhere) => {
      for (const [digest, bytes] of fake.repository('team/app').blobs)
        elsewhere.repository('x').blobs.set(digest, bytes);
      fake.fail('GET', '/blobs/', {
        ...always,
        answer: ({ headers, path }) =>
          headers.authorization
            ? reply(307, { location: `${elsewhere.url}/v2/x/blobs/${path.split('/').at(-1)}` })
            : undefined,
      });
    },
    exit: 0,
    elsewhere: true,
  },
  {
    group: 21,
    name: 'blob at the metadata address',
    arrange: (fake) =>
      fake.fail(
        'GET',
        '/blobs/',
        authorised(() => reply(307, { location: 'http://169.254.169.254/x' })),
      ),
    exit: 1,
  },
  {
    group: 21,
    name: 'redirect in a circle',
    arrange: (fake) =>
      fake.fail(
        'GET',
        '/manifests/',
        authorised(() => reply(307, { location: '/v2/team/app/manifests/v1' })),
      ),
    exit: 1,
    stderr: /redirect/,
  },
  {
    group: 22,
    name: 'realm on another server',
    fake: { auth: { kind: 'token', user: 'user', password: canarySecret, realm: 'http://attacker.example/token' } },
    exit: 6,
    stderr: /realm|attacker\.example/,
  },
  { group: 22, name: 'wrong password', fake: { auth: { kind: 'basic', user: 'user', password: 'another' } }, exit: 6 },
  {
    group: 24,
    name: 'login page instead of a manifest',
    arrange: (fake) =>
      fake.fail(
        'GET',
        '/manifests/',
        authorised(() => reply(200, { 'content-type': 'text/html' }, '<html>\u001b[2JLog in')),
      ),
    exit: 1,
  },
  {
    group: 16,
    name: 'error text that steers terminals',
    arrange: (fake) =>
      fake.fail('GET', '/manifests/', {
        ...always,
        status: 403,
        body: JSON.stringify({ errors: [{ code: 'DENIED', message: '\u001b[2J\u202eevil\n    at x.js:1:1' }] }),
      }),
    exit: 6,
  },
  { group: 7, name: 'no such tag', reference: (fake) => `${fake.host}/team/app:none`, exit: 7 },
];

for (const row of rows) {
  test(`group ${row.group}: ${row.name}`, async () => {
    const fake = await registry(row.fake);
    const elsewhere = await registry({});
    await login(world, fake.host);
    row.arrange?.(fake, elsewhere);
    const connections = [fake.host, ...(row.elsewhere ? [elsewhere.host] : [])];
    const reference = row.reference?.(fake) ?? `${fake.host}/team/app:v1`;
    const env = { DRYDOCK_CACHE_DIR: join(world.private, 'cache', fake.host) };
    const run = await world.run(['scan', reference, '--json', '-q'], { connections, env });
    assert.equal(run.code, row.exit, run.stderr);
    if (row.exit !== 0) assert.match(run.stderr, /^error: /);
    if (row.stderr) assert.match(run.stderr, row.stderr);
    assert.equal(elsewhere.requests.length > 0, row.elsewhere === true);
    const carried = elsewhere.requests.filter(({ headers }) => headers.authorization !== undefined);
    assert.deepEqual(carried, [], 'the credential never left for another server');
  });
}

/** Where a fix stands when it is interrupted: the request that the registry or mirror receives and never answers. */
const moments: readonly {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly nth?: number;
}[] = [
  { name: 'opening', method: 'GET', path: /\/manifests\/v1/ },
  { name: 'reading the config', method: 'GET', path: /\/blobs\// },
  { name: 'reading the layer', method: 'GET', path: /\/blobs\//, nth: 2 },
  { name: 'pushing a blob', method: 'PUT', path: /\/uploads\// },
  { name: 'pushing the manifest', method: 'PUT', path: /\/manifests\/sha256/ },
  { name: 'setting the tag', method: 'PUT', path: /\/manifests\/fixed/ },
];

before(async () => {
  await provideDebian(advisories);
});

async function fixArguments(fake: FakeRegistry): Promise<string[]> {
  await login(advisories, fake.host);
  return ['fix', `${fake.host}/team/app:v1`, '--all-fixable', '--tag', 'fixed', '--json', '-q'];
}

/** A promise that is fulfilled when the fake receives a request, which then stays without answer. */
function hangAt(fake: FakeRegistry, { method, path, nth = 1 }: Omit<(typeof moments)[number], 'name'>): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    fake.fail(method, path, {
      ...always,
      answer: ({ headers }) => {
        if (headers.authorization === undefined || ++seen < nth) return undefined;
        resolve();
        return { status: 0, headers: {}, body: Buffer.alloc(0) };
      },
    });
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
  for (const moment of signal === 'SIGINT' ? moments : moments.slice(3)) {
    test(`group 37: ${signal} while ${moment.name}`, async () => {
      const fake = await registry();
      const args = await fixArguments(fake);
      const when = hangAt(fake, moment);
      let reached: number | undefined;
      void when.then(() => {
        reached = performance.now();
      });
      const run = await advisories.run(args, { connections: [fake.host], interrupt: { when, signal } });
      assert.ok(reached !== undefined, `the moment came: ${run.code} ${run.stderr}\n${fake.log().join('\n')}`);
      assert.ok(performance.now() - reached < 5000, 'ends within 5 s');
      if (signal === 'SIGKILL') assert.equal(run.signal, 'SIGKILL');
      else assert.equal(run.code, 130, run.stderr);
      assert.equal(fake.repository('team/app').tags.has('fixed'), false, 'nothing unproven is tagged');
      fake.clearFaults();
      const again = await advisories.run(args, { connections: [fake.host] });
      assert.equal(again.code, 0, again.stderr);
      assert.equal(
        fake.repository('team/app').tags.get('fixed'),
        (JSON.parse(again.stdout) as FixReport).result?.digest,
      );
    });
  }
}

test('group 37: SIGINT while a package mirror does not answer', async () => {
  const fake = await registry();
  const args = await fixArguments(fake);
  let asked = (): void => {};
  const when = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const archive = await toyArchive();
  const mirror = createServer((request, response) => {
    if (request.url?.endsWith('.deb')) asked();
    else response.end(archive.content.get((request.url ?? '').slice(1)));
  });
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
  after(() => mirror.closeAllConnections());
  const host = `127.0.0.1:${(mirror.address() as AddressInfo).port}`;
  await provideArchive(advisories, { served: { archive, url: `http://${host}` } });
  const run = await advisories.run(args, { connections: [fake.host, host], interrupt: { when, signal: 'SIGINT' } });
  mirror.close();
  mirror.closeAllConnections();
  await provideArchive(advisories);
  assert.equal(run.code, 130, run.stderr);
  assert.deepEqual([...fake.repository('team/app').tags.keys()], ['v1']);
});

test('group 20: a server that speaks SSH, as on port 22', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.end('SSH-2.0-OpenSSH_9.2\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = await world.run(['scan', `${host}/team/app:v1`, '--json', '-q'], { connections: [host] });
  assert.equal(run.code, 1, run.stderr);
  assert.match(run.stderr, /^error: /);
});

test('group 8: the source tag moves while the fix runs', async () => {
  const fake = await registry();
  const args = await fixArguments(fake);
  fake.fail('POST', '/uploads/', {
    answer: () => {
      fake.pushTestImage('team/app', 'v1', [tar({ 'etc/moved': 'x' })]);
      return undefined;
    },
  });
  const run = await advisories.run(args, { connections: [fake.host] });
  const { task } = JSON.parse(run.stdout) as FixReport;
  const tags = fake.repository('team/app').tags;
  // Whatever was decided, the tag of the result names only what was proven for the pinned source.
  if (task.status === 'success') assert.ok(tags.has('fixed'));
  else {
    assert.equal(task.reason?.code, 'source_changed');
    assert.equal(tags.has('fixed'), false);
  }
});

test('group 34: 201 with another digest, and a human who takes the tag', async () => {
  for (const path of ['/manifests/sha256', '/manifests/fixed']) {
    const fake = await registry();
    const args = await fixArguments(fake);
    fake.fail('PUT', path, { wrongDigest: true, times: 9 });
    const run = await advisories.run(args, { connections: [fake.host] });
    assert.notEqual(run.code, 0, run.stdout);
    assert.match(run.stderr, /^error: /);
  }
});

test('group 36: two fixes of one source and tag at the same time are one task', async () => {
  const fake = await registry();
  const args = await fixArguments(fake);
  const command = join(root, 'bin/drydock');
  const runs = await Promise.all([1, 2].map(() => start(command, args, { env: advisories.env })));
  for (const { code, stderr } of runs) assert.equal(code, 0, stderr);
  const reports = runs.map(({ stdout }) => JSON.parse(stdout) as FixReport);
  assert.equal(new Set(reports.map(({ task }) => task.id)).size, 1);
  assert.equal(new Set(reports.map(({ result }) => result?.digest)).size, 1);
  const moved = fake.log().filter((line) => line === 'PUT /v2/team/app/manifests/fixed');
  assert.equal(moved.length, 1, 'the tag was set once');
});
