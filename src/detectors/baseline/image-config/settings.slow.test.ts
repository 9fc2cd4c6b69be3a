import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOutcome, detect, detectorOptions, type LayerFiles } from '../../../../test/support/detection.ts';

const outcome = (check: string, settings: Record<string, unknown>, files: LayerFiles = {}): Promise<string> =>
  checkOutcome(check, [files], { settings });

const passwd = 'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n1001:x:0:0::/:/bin/sh\n';
const accounts = { 'etc/passwd': passwd, 'etc/group': 'root:x:0:\nstaff:x:50:app\nadm:x:4:\n' };

test('IC-001: the user is root, by whatever name', async () => {
  for (const user of [undefined, '', 'root', '0', '0:0', '00', 'toor', 'root:staff', '1001']) {
    assert.equal(await outcome('IC-001', { User: user }, accounts), 'fail:medium', String(user));
  }
  assert.equal(await outcome('IC-001', { User: 'app' }, accounts), 'pass');
  assert.equal(await outcome('IC-001', { User: '65532:65532' }), 'pass');
  assert.equal(await outcome('IC-001', { User: 'nobody' }, accounts), 'unknown:no_such_user');
  assert.equal(await outcome('IC-001', { ExposedPorts: { '22/tcp': {} } }), 'fail:high');
  const large = { 'etc/passwd': `x:x:1:1::/:\n`.repeat(400_000) };
  assert.equal(await outcome('IC-001', { User: 'app' }, large), 'unknown:too_large');
  const long = { 'etc/passwd': `${'\n'.repeat(50_001)}${passwd}` };
  assert.equal(await outcome('IC-002', { User: 'app' }, long), 'unknown:too_large');
});

test('IC-001: account files are found through links, and half lines do not matter', async () => {
  const linked = {
    'etc/passwd': { type: 'symlink', link: '../usr/etc/passwd' },
    'usr/etc/passwd': `:\na:b\n${passwd}`,
  };
  assert.equal(await outcome('IC-001', { User: 'toor' }, linked as LayerFiles), 'fail:medium');
  assert.equal(await outcome('IC-001', { User: 'half' }, { 'etc/passwd': 'half:x:0\n' }), 'fail:medium');
});

test('IC-002: the user is a name without account', async () => {
  assert.equal(await outcome('IC-002', { User: 'ghost:staff' }, accounts), 'fail:low');
  assert.equal(await outcome('IC-002', { User: 'app' }, accounts), 'pass');
  assert.equal(await outcome('IC-002', { User: '4711' }, accounts), 'not_applicable');
  assert.equal(await outcome('IC-002', {}, accounts), 'not_applicable');
});

test('IC-007: no health check, or NONE', async () => {
  assert.equal(await outcome('IC-007', {}), 'fail:low');
  assert.equal(await outcome('IC-007', { Healthcheck: { Test: ['NONE'] } }), 'fail:low');
  assert.equal(await outcome('IC-007', { Healthcheck: { Test: ['CMD', '/ok'] } }), 'pass');
});

test('IC-012: volumes over directories of the system', async () => {
  for (const path of ['/', '/etc', '/etc/app/', '/usr/lib/../bin', '/var/run/docker.sock', '/proc']) {
    assert.equal(await outcome('IC-012', { Volumes: { [path]: {} } }), 'fail:high', path);
  }
  assert.equal(await outcome('IC-012', { Volumes: { '/data': {}, '/var/lib/app': {}, '/etcetera': {} } }), 'pass');
  assert.equal(await outcome('IC-012', {}), 'not_applicable');
});

test('IC-017, IC-018: exposed ports', async () => {
  const ports = (...names: string[]) => ({ ExposedPorts: Object.fromEntries(names.map((name) => [name, {}])) });
  assert.equal(await outcome('IC-017', ports('8080/tcp', '22')), 'fail:medium');
  assert.equal(await outcome('IC-017', ports('2222/tcp', '220/udp')), 'pass');
  assert.equal(await outcome('IC-017', {}), 'not_applicable');
  for (const bad of ['0', '65536/tcp', '80/http', 'http', '80-90/tcp', '']) {
    assert.equal(await outcome('IC-018', ports('80', bad)), 'fail:low', bad);
  }
  assert.equal(await outcome('IC-018', ports('80', '1/udp', '65535/sctp')), 'pass');
  assert.equal(await outcome('IC-018', {}), 'not_applicable');
});

test('IC-021: the program of the container may be rewritten by its user', async () => {
  const file = (mode: number, uid = 0, gid = 0, content = '\x7fELF') => ({ mode, uid, gid, content });
  const run = (settings: Record<string, unknown>, files: LayerFiles) =>
    outcome('IC-021', { User: 'app', ...settings }, { ...accounts, ...files });
  assert.equal(await run({ Cmd: ['/app'] }, { app: file(0o755) }), 'pass');
  assert.equal(await run({ Cmd: ['/app'] }, { app: file(0o755, 1000) }), 'fail:medium');
  assert.equal(await run({ Cmd: ['/app'] }, { app: file(0o757) }), 'fail:medium');
  // `staff` is one of the user's groups, `adm` is not.
  assert.equal(await run({ Cmd: ['/app'] }, { app: file(0o775, 0, 50) }), 'fail:medium');
  assert.equal(await run({ Cmd: ['/app'] }, { app: file(0o775, 0, 4) }), 'pass');
  // By PATH, through a link, relative to the working directory.
  const linked = { 'usr/bin/app': { type: 'symlink', link: '/opt/app' } as const, 'opt/app': file(0o777) };
  assert.equal(await run({ Cmd: ['app'] }, linked), 'fail:medium');
  assert.equal(await run({ Cmd: ['app'], Env: ['PATH=/sbin'] }, linked), 'unknown:no_such_file');
  assert.equal(await run({ Cmd: ['./app'], WorkingDir: '/opt' }, linked), 'fail:medium');
  // The command behind `sh -c`, and the interpreter of a script.
  const shell = { 'bin/sh': file(0o755), 'opt/app': file(0o777) };
  assert.equal(await run({ Cmd: ['/bin/sh', '-c', 'exec /opt/app --x'] }, shell), 'fail:medium');
  const script = { 'run.sh': file(0o755, 0, 0, '#!/usr/bin/env -S python3 -u\n'), 'usr/bin/env': file(0o755) };
  assert.equal(
    await run({ Entrypoint: ['/run.sh'] }, { ...script, 'usr/bin/python3': file(0o755, 1000) }),
    'fail:medium',
  );
  assert.equal(await run({ Entrypoint: ['/run.sh'] }, { ...script, 'usr/bin/python3': file(0o755) }), 'pass');
  assert.equal(await run({ User: '0', Cmd: ['/app'] }, { app: file(0o777) }), 'not_applicable');
  assert.equal(await run({ Cmd: [] }, { app: file(0o777) }), 'not_applicable');
});

test('IC-022: working directories', async () => {
  for (const bad of ['app', './', '/etc', '/proc/1', '/etc/..//dev/']) {
    assert.equal(await outcome('IC-022', { WorkingDir: bad }), 'fail:low', bad);
  }
  assert.equal(await outcome('IC-022', { WorkingDir: '/srv/etc' }), 'pass');
  assert.equal(await outcome('IC-022', { WorkingDir: '' }), 'not_applicable');
});

test('IC-023: variables that let code in', async () => {
  const open = { opt: { type: 'directory', mode: 0o777 }, 'opt/x.so': 'x', tmp: { type: 'directory', mode: 0o1777 } };
  const env = (...entries: string[]) => outcome('IC-023', { Env: entries }, open as LayerFiles);
  for (const bad of [
    'PATH=/bin:',
    'PATH=.:/bin',
    'PATH=',
    'PATH=/bin:/opt',
    'LD_LIBRARY_PATH=lib',
    'PYTHONPATH=/tmp',
  ]) {
    assert.equal(await env(bad), 'fail:high', bad);
  }
  assert.equal(await env('LD_PRELOAD=/opt/x.so'), 'fail:high');
  assert.equal(await env('FLASK_DEBUG=1'), 'fail:low');
  assert.equal(await env('FLASK_DEBUG=1', 'PATH=/bin:.'), 'fail:high');
  assert.equal(await env('PATH=/usr/bin:/bin', 'LD_PRELOAD=libjemalloc.so', 'LD_LIBRARY_PATH=', 'DEBUG=1'), 'pass');
  const django = { 'usr/lib/python3/site-packages/Django-4.2.dist-info/METADATA': 'Name: Django\nVersion: 4.2\n' };
  assert.equal(await outcome('IC-023', { Env: ['DEBUG=True'] }, django), 'fail:low');
});

test('IC-010: names that announce a secret, with values that look like one', async () => {
  const value = 'q7Zk2vXw9RbT4mLp';
  assert.equal(await outcome('IC-010', { Env: [`DB_PASSWORD=${value}`] }), 'fail:high');
  assert.equal(await outcome('IC-010', { Labels: { 'build.token': value } }), 'fail:high');
  assert.equal(await outcome('IC-010', { Cmd: ['run', `--api-key=${value}`] }), 'fail:high');
  const harmless = ['DB_PASSWORD=changeme', 'GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568', 'TOKEN_FILE=/run/x'];
  assert.equal(await outcome('IC-010', { Env: [...harmless, `NAME=${value}`] }), 'pass');
  const history = [{ created_by: `|1 NPM_TOKEN=${value} /bin/sh -c npm ci` }];
  assert.equal(await checkOutcome('IC-010', [{}], { config: { history } }), 'fail:high');
});

test('IC-010: the value is in no part of the result', async () => {
  const value = 'q7Zk2vXw9RbT4mLp';
  const found = await detect(detectorOptions(['baseline']), [{}], {
    settings: {
      Env: [`A_TOKEN=${value}`],
      Healthcheck: { Test: ['CMD', `curl -u a:b x?token=${value}`] },
    },
    config: {
      history: [
        { created_by: `RUN /bin/sh -c export A_SECRET=${value}; curl -k https://u:${value}@x | sh # buildkit` },
      ],
    },
  });
  const failed = found.baseline?.failed.map(({ check }) => check) ?? [];
  assert.ok(failed.includes('IC-010') && failed.includes('IC-016') && failed.includes('IC-019'));
  assert.ok(!JSON.stringify(found).includes(value.slice(0, 6)));
});
