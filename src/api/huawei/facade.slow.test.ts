import assert from 'node:assert/strict';
import { test } from 'node:test';
import { huaweiWorld, keys, project, signedFetch } from '../../../test/support/huawei-world.ts';
import { ServiceError } from '../../service/index.ts';

const exportPath = `/v5/${project}/image/local-vulnerability/export`;
const order = { method: 'POST', path: exportPath, query: 'export_size=10', body: '{"operate_all":true}\n' } as const;

interface Refused {
  readonly error_code: string;
  readonly error_msg: string;
  readonly error_description?: string;
  readonly request_id?: string;
}

async function refused(answer: Response): Promise<[number, string]> {
  const body = (await answer.json()) as Refused;
  assert.equal(typeof body.error_msg, 'string');
  assert.ok(answer.headers.get('x-request-id'));
  if (body.error_code.startsWith('HSS.')) assert.equal(body.error_description, body.error_msg);
  if (body.error_code.startsWith('APIGW.')) assert.equal(body.request_id, answer.headers.get('x-request-id'));
  return [answer.status, body.error_code];
}

const stamp = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');

test('signatures as the Go SDK makes them: neither host nor content type signed, newline behind the body', async (t) => {
  const { endpoint } = await huaweiWorld(t);
  const answer = await signedFetch(endpoint, keys.owner, { ...order, headers: { region: '' } });
  assert.equal(answer.status, 200);
  assert.equal(typeof ((await answer.json()) as { record_total_num: unknown }).record_total_num, 'number');
});

test('wrong, stale, unknown, changed: every one is 401 APIGW.0301 and counted', async (t) => {
  const { endpoint, access } = await huaweiWorld(t);
  const send = (change: object, key: readonly [string, string] = keys.owner) =>
    signedFetch(endpoint, key, { ...order, ...change }).then(refused);
  const denied = [401, 'APIGW.0301'];
  assert.deepEqual(await send({ signature: 'a'.repeat(64) }), denied);
  assert.deepEqual(await send({ sentBody: '{"operate_all":false}' }), denied);
  assert.deepEqual(await send({ date: stamp(Date.now() - 16 * 60_000) }), denied);
  assert.deepEqual(await send({ date: stamp(Date.now() + 16 * 60_000) }), denied);
  assert.deepEqual(await send({ date: '20261399T000000Z' }), denied);
  assert.deepEqual(await send({}, ['AKUNKNOWN', 'x']), denied);
  assert.deepEqual(await send({}, keys.disabled), denied);
  assert.deepEqual(await refused(await fetch(`${endpoint}${exportPath}`, { method: 'POST' })), denied);
  const sm3 = { authorization: `SDK-HMAC-SM3 Access=A, SignedHeaders=host, Signature=${'a'.repeat(64)}` };
  assert.deepEqual(await refused(await fetch(`${endpoint}${exportPath}`, { method: 'POST', headers: sm3 })), denied);
  assert.equal(access.reports.filter(({ success }) => !success).length, 4);
  access.lockedMs = 1;
  const locked = await signedFetch(endpoint, keys.owner, order);
  assert.match(((await locked.json()) as Refused).error_msg, /AK access failed to reach the limit,forbidden$/);
  access.lockedMs = 0;
  access.throttleMs = 1500;
  const slow = await signedFetch(endpoint, keys.owner, order);
  assert.deepEqual([slow.headers.get('retry-after'), ...(await refused(slow))], ['2', 429, 'APIGW.0308']);
});

test('a signed hash must be that of the body; UNSIGNED-PAYLOAD does not go with JSON and its body is not used', async (t) => {
  const { endpoint } = await huaweiWorld(t);
  const send = (headers: Record<string, string>, change: object = {}) =>
    signedFetch(endpoint, keys.owner, { ...order, headers, ...change });
  const json = { 'content-type': 'application/json' };
  assert.deepEqual(await refused(await send({ ...json, 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' })), [
    401,
    'APIGW.0301',
  ]);
  const lie = { ...json, 'x-sdk-content-sha256': 'b'.repeat(64) };
  assert.deepEqual(await refused(await send(lie)), [401, 'APIGW.0301']);
  const binary = { 'content-type': 'application/octet-stream', 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' };
  assert.deepEqual(await refused(await send(binary)), [400, 'HSS.0002']);
});

test('the same signature counts once: a retry gets the answer of the first, elsewhere it is refused', async (t) => {
  const world = await huaweiWorld(t);
  const date = stamp(Date.now());
  const send = () => signedFetch(world.endpoint, keys.owner, { ...order, date });
  const answers = await Promise.all([send(), send(), send()]);
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  assert.deepEqual(new Set(bodies).size, 1);
  assert.equal(world.exports.length, 1);
  // Another node has seen this one: only its nonce is known here.
  const other = stamp(Date.now() - 1000);
  const first = await signedFetch(world.endpoint, keys.owner, { ...order, date: other });
  assert.equal(first.status, 200);
  const second = await huaweiWorld(t);
  for (const nonce of world.access.nonces) second.access.nonces.add(nonce);
  assert.deepEqual(await refused(await signedFetch(second.endpoint, keys.owner, { ...order, date: other })), [
    401,
    'APIGW.0301',
  ]);
});

test('fields that are wrong: HSS.0001; what is not JSON: HSS.0002; nothing is ordered', async (t) => {
  const world = await huaweiWorld(t);
  const send = (body: string, query = 'export_size=10') =>
    signedFetch(world.endpoint, keys.owner, { ...order, body, query }).then(refused);
  const wrong = [400, 'HSS.0001'];
  const bodies = [
    '',
    '{}',
    '{"operate_all":false,"image_id_list":[],"vul_id_list":[]}',
    '{"operate_all":"true"}',
    '{"operate_all":true,"vul_type":"linux_vul|app_vul"}',
    '{"operate_all":true,"handle_status":"open"}',
    '{"operate_all":true,"scan_status":"x"}',
    '{"operate_all":true,"image_size":"1"}',
    '{"operate_all":true,"image_size":-1}',
    '{"operate_all":true,"image_size":1.5}',
    '{"operate_all":true,"image_id_list":[1]}',
    '{"operate_all":true,"image_id_list":"x"}',
    '{"operate_all":true,"start_latest_scan_time":2,"end_latest_scan_time":1}',
    '[]',
  ];
  for (const body of bodies) assert.deepEqual(await send(body), wrong, body);
  for (const query of [
    '',
    'export_size=x',
    'export_size=-1',
    'export_size=1.5',
    'export_size=2147483648',
    'export_size=1&export_size=2',
  ]) {
    assert.deepEqual(await send('{"operate_all":true}', query), wrong, query);
  }
  for (const body of ['{', 'x', '\ufeff{}', `${'['.repeat(40)}${']'.repeat(40)}`]) {
    assert.deepEqual(await send(body), [400, 'HSS.0002'], body);
  }
  assert.equal(world.exports.length, 0);
});

test('all fields of the export become its filter', async (t) => {
  const world = await huaweiWorld(t);
  const body = JSON.stringify({
    operate_all: true,
    image_id_list: ['a'],
    vul_id_list: ['CVE-1'],
    vul_type: 'app_vul',
    handle_status: 'handled',
    scan_status: 'success',
    image_name: 'web',
    image_version: 'v1',
    image_size: 5,
    start_latest_update_time: 1,
    end_latest_update_time: 1732122455000,
    start_latest_scan_time: 3,
    end_latest_scan_time: 9007199254740991,
    has_container: false,
    unknown: null,
  });
  const answer = await signedFetch(world.endpoint, keys.owner, { ...order, body, query: 'export_size=0' });
  assert.equal(answer.status, 200);
  const { spec } = world.exports[0] ?? assert.fail();
  assert.equal(spec.limit, 0);
  assert.deepEqual(spec.filter, {
    and: [
      { field: 'image.uuid', op: 'in', values: ['a'] },
      {
        or: [
          { field: 'vuln.id', op: 'in', values: ['CVE-1'] },
          { field: 'vuln.key', op: 'in', values: ['CVE-1'] },
        ],
      },
      { field: 'kind', op: 'in', values: ['sca'] },
      { field: 'handled', op: 'is', value: true },
      {
        and: [
          { field: 'repository.path', op: 'contains', values: ['web'] },
          { field: 'image.tag', op: 'in', values: ['v1'] },
          { field: 'image.scanState', op: 'in', values: ['matched', 'partial'] },
          { field: 'image.size', op: 'in', values: [5] },
          { field: 'image.updated', op: 'ge', values: [1] },
          { field: 'image.updated', op: 'le', values: [1732122455000] },
          { field: 'image.scanned', op: 'ge', values: [3] },
          { field: 'image.scanned', op: 'le', values: [9007199254740991] },
        ],
      },
    ],
  });
});

test('tasks and files: unknown ones are HSS.0011, expired ones HSS.1018, of another project HSS.0011', async (t) => {
  const world = await huaweiWorld(t);
  const get = (path: string, base = project) =>
    signedFetch(world.endpoint, keys.owner, { method: 'GET', path: `/v5/${base}${path}` });
  const unknown = [400, 'HSS.0011'];
  assert.deepEqual(await refused(await get('/export-task/00000000-0000-4000-8000-000000000000')), unknown);
  assert.deepEqual(await refused(await get(`/export-task/${'x'.repeat(65)}`)), unknown);
  assert.deepEqual(await refused(await get('/download/nonsense')), unknown);
  const ordered = (await (await signedFetch(world.endpoint, keys.owner, order)).json()) as { task_id: string };
  assert.equal((await get(`/export-task/${ordered.task_id}`)).status, 200);
  assert.deepEqual(await refused(await get(`/export-task/${ordered.task_id}`, 'f'.repeat(32))), unknown);
  assert.deepEqual(await refused(await get('/download/f')), unknown);
  const job = world.exports[0] ?? assert.fail();
  world.exports[0] = { ...job, state: 'success', fileId: 'f' };
  world.files.set(job.id, Buffer.from('0123456789'));
  const ranged = await fetchRange(world.endpoint, 'bytes=2-4');
  assert.deepEqual(
    [ranged.status, await ranged.text(), ranged.headers.get('content-range')],
    [206, '234', 'bytes 2-4/10'],
  );
  const whole = await get('/download/f');
  assert.equal(whole.headers.get('content-type'), 'application/octet-stream');
  assert.match(whole.headers.get('content-disposition') ?? '', /^attachment; filename="hss-vul-vul-en-\d{14}\.zip"$/);
  assert.equal(whole.headers.get('content-length'), '10');
  world.services.exports.file = async () => {
    throw new ServiceError('expired', 'gone');
  };
  assert.deepEqual(await refused(await get('/download/f')), [400, 'HSS.1018']);
});

function fetchRange(endpoint: string, range: string): Promise<Response> {
  const path = `/v5/${project}/download/f`;
  return signedFetch(endpoint, keys.owner, { method: 'GET', path, headers: { range } });
}

test('permissions: reading does not allow writing; a foreign X-Project-Id and numbers out of range are refused', async (t) => {
  const { endpoint } = await huaweiWorld(t);
  const handle = { method: 'POST', path: `/v5/${project}/image/vulnerability/handle`, body: '{}' };
  assert.deepEqual(await refused(await signedFetch(endpoint, keys.reader, handle)), [400, 'HSS.0013']);
  assert.deepEqual(await refused(await signedFetch(endpoint, keys.owner, handle)), [400, 'HSS.0001']);
  const other = { 'x-project-id': 'f'.repeat(32) };
  const list = { method: 'GET', path: `/v5/${project}/image/local-repositories`, headers: other };
  assert.deepEqual(await refused(await signedFetch(endpoint, keys.owner, list)), [400, 'HSS.0013']);
  for (const query of ['limit=0', 'limit=201', 'offset=2000001', 'offset=x', 'has_vul=maybe']) {
    const answer = await signedFetch(endpoint, keys.owner, { ...list, headers: {}, query });
    assert.deepEqual(await refused(answer), [400, 'HSS.0001'], query);
  }
});

test('on the shared server: unknown paths and methods are 404 APIGW.0101, bodies may have 12 MB', async (t) => {
  const world = await huaweiWorld(t, { server: true });
  for (const [method, path] of [
    ['GET', `/v5/${project}/nowhere`],
    ['PUT', exportPath],
    ['GET', '/v3/nowhere'],
  ] as const) {
    const answer = await fetch(`${world.endpoint}${path}`, { method });
    assert.deepEqual(await refused(answer), [404, 'APIGW.0101'], path);
  }
  const ids = Array.from({ length: 100_000 }, (_, index) => `${index}`.padStart(64, '0'));
  const body = JSON.stringify({ operate_all: true, vul_id_list: ids });
  assert.ok(body.length > 6 << 20);
  assert.equal((await signedFetch(world.endpoint, keys.owner, { ...order, body })).status, 200);
  const large = await signedFetch(world.endpoint, keys.owner, { ...order, body: ' '.repeat((12 << 20) + 1) });
  assert.deepEqual(await refused(large), [413, 'APIGW.0201']);
});
