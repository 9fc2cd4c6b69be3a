import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bankProject, type HuaweiWorld, huaweiWorld, keys, project, sdkClient } from '../support/huawei-world.ts';

const exportUrl = '/v5/{project_id}/image/local-vulnerability/export';
const v5 = '/v5/{project_id}';

/** Ends an export of the fake with content. */
function finish(world: HuaweiWorld, content: Buffer): void {
  const [job] = world.exports;
  assert.ok(job !== undefined);
  const fileId = 'b3e83d25-d92f-4963-a293-e056e81ec44d';
  world.exports[0] = { ...job, state: 'success', fileId, bytes: content.length };
  world.files.set(job.id, content);
}

test('the official client: export, poll, download', async (t) => {
  const world = await huaweiWorld(t);
  const send = sdkClient(world.endpoint, keys.owner);
  const ordered = await send({
    method: 'POST',
    url: exportUrl,
    query: { export_size: 1000 },
    data: { operate_all: true, image_name: 'shop ü+', vul_type: 'linux_vul' },
    headers: { region: 'cn-north-4' },
  });
  assert.equal(ordered.record_total_num, 3);
  assert.match(String(ordered.task_id), /^[0-9a-f-]{36}$/);
  const { spec } = world.exports[0] ?? assert.fail();
  assert.deepEqual([spec.format, spec.grain, spec.limit, spec.bom], ['huawei-zip', 'finding', 1000, true]);
  assert.match(spec.fileName ?? '', /^hss-vul-vul-en-\d{14}\.zip$/);
  for (const url of [`${v5}/export-task/${ordered.task_id}`, `${v5}/event/export-task/${ordered.task_id}`]) {
    const running = await send({ method: 'GET', url });
    assert.deepEqual([running.task_status, running.file_id], ['running', undefined]);
  }
  // Bytes that are no UTF-8, to see that nothing decodes them.
  const content = Buffer.from([0x50, 0x4b, 0x05, 0x06, 0xff, 0xfe, 0x00, 0x80]);
  finish(world, content);
  const done = await send({ method: 'GET', url: `${v5}/export-task`, query: { task_id: ordered.task_id } });
  assert.deepEqual([done.task_status, done.file_name], ['success', spec.fileName]);
  const file = await send({ method: 'GET', url: `${v5}/download/${done.file_id}`, binary: true });
  assert.deepEqual(Buffer.from(file.body as ArrayBuffer), content);
});

test('the official client: derived signatures, temporary keys, region without a project id', async (t) => {
  const world = await huaweiWorld(t);
  const list = { method: 'GET', url: `${v5}/image/local-repositories`, query: { limit: 10, offset: 0 } };
  const derived = await sdkClient(world.endpoint, keys.owner, { derived: true })(list);
  assert.equal(derived.total_num, 4);
  const temporary = await sdkClient(world.endpoint, keys.temporary, { token: 'session-token' })(list);
  assert.equal(temporary.total_num, 4);
  await assert.rejects(sdkClient(world.endpoint, keys.temporary)(list), { errorCode: 'APIGW.0301' });
  await assert.rejects(sdkClient(world.endpoint, keys.owner, { token: 'x' })(list), { errorCode: 'APIGW.0301' });
  const byRegion = await sdkClient(world.endpoint, keys.owner, { regionOnly: true })(list);
  assert.equal(byRegion.total_num, 4);
});

test('the official client sees typed errors with the request id', async (t) => {
  const world = await huaweiWorld(t);
  const order = (name: keyof typeof keys, query: object = {}) =>
    sdkClient(
      world.endpoint,
      keys[name],
    )({
      method: 'POST',
      url: exportUrl,
      query: { export_size: 10, ...query },
      data: { operate_all: true },
    });
  const refused = async (work: Promise<unknown>, status: number, code: string): Promise<void> => {
    await assert.rejects(work, (error: { httpStatusCode: number; errorCode: string; requestId: string }) => {
      assert.deepEqual([error.httpStatusCode, error.errorCode], [status, code]);
      assert.match(error.requestId, /^[0-9a-f]{32}$/);
      return true;
    });
  };
  await refused(order('nobody'), 400, 'HSS.0013');
  await refused(order('disabled'), 401, 'APIGW.0301');
  await refused(
    sdkClient(world.endpoint, ['AKUNKNOWN', 'x'])({ method: 'GET', url: `${v5}/export-task/x` }),
    401,
    'APIGW.0301',
  );
  await refused(
    sdkClient(world.endpoint, ['AKOWNER', 'wrong'])({ method: 'GET', url: `${v5}/export-task/x` }),
    401,
    'APIGW.0301',
  );
  // A caller with one project must name it.
  await refused(order('bank'), 400, 'HSS.0013');
  assert.equal((await order('bank', { enterprise_project_id: bankProject })).record_total_num, 3);
  assert.equal((await order('bank', { enterprise_project_id: 'all_granted_eps' })).record_total_num, 3);
  await refused(order('bank', { enterprise_project_id: '0' }), 400, 'HSS.0013');
  await refused(order('owner', { enterprise_project_id: 'unknown' }), 400, 'HSS.0013');
  // The bank's task is unknown to nobody but those with rights on the bank.
  const [task] = world.exports;
  const poll = { method: 'GET', url: `${v5}/export-task/${task?.id}` };
  assert.equal((await sdkClient(world.endpoint, keys.bank)(poll)).task_status, 'running');
  world.exports[0] = { ...(task ?? assert.fail()), projectId: 1 };
  await refused(sdkClient(world.endpoint, keys.bank)(poll), 400, 'HSS.0011');
});

test('the official client: lists, handling, white lists, scans, statistics', async (t) => {
  const world = await huaweiWorld(t);
  const send = sdkClient(world.endpoint, keys.owner);
  const get = (path: string, query: object = {}) =>
    send({ method: 'GET', url: `${v5}${path}`, query: query as Record<string, unknown> });
  const images = await get('/image/local-repositories', { image_name: 'shop/web', image_version: '1.4.2' });
  const [image] = images.data_list as { image_id: string; vul_num: number; scan_status: string }[];
  assert.deepEqual([images.total_num, image?.scan_status], [1, 'success']);
  const view = { type: 'linux_vul', handle_status: 'unhandled', image_type: 'local' };
  const vulnerabilities = await get('/images/vulnerabilities', view);
  const [first] = vulnerabilities.data_list as { vul_id: string; cve_list: { cve_id: string }[]; image_num: number }[];
  assert.deepEqual([first?.cve_list[0]?.cve_id, first?.image_num], ['CVE-2026-0001', 2]);
  const affected = await get('/vulnerability/images', {
    is_handled: false,
    vul_id: first?.vul_id,
    type: 'linux_vul',
    image_type: 'local',
  });
  const [row] = affected.data_list as { image_size: unknown; first_scan_time: unknown; is_multi_arch: unknown }[];
  assert.deepEqual(
    [affected.total_num, typeof row?.image_size, typeof row?.first_scan_time, row?.is_multi_arch],
    [2, 'string', 'string', 'false'],
  );
  const apps = await get(`/image/vulnerability/${image?.image_id}/apps`, {
    is_handled: false,
    image_type: 'local',
    vul_id: first?.vul_id,
  });
  assert.equal((apps.data_list as { app_name: string }[])[0]?.app_name, 'libwebp7');
  const cves = await get(`/image/vulnerability/${first?.vul_id}/cve`);
  assert.equal((cves.data_list as { cvss_score: number }[])[0]?.cvss_score, 7.5);
  assert.equal((await get('/image/vulnerabilities', { offset: 0, limit: 10 })).total_num, 5);
  const body = {
    image_type: 'local',
    type: 'linux_vul',
    operate_type: 'ignore',
    select_type: 'vul_view',
    vul_data_list: [{ vul_id: first?.vul_id, image_id_list: [image?.image_id] }],
    remark: 'not reachable',
  };
  const preview = await send({
    method: 'POST',
    url: `${v5}/image/vulnerability/handle-affect-vulnerabilities`,
    query: { offset: 0, limit: 10 },
    data: body,
  });
  assert.deepEqual([preview.total_vul_num, preview.vul_num, preview.image_num], [1, 1, 1]);
  await send({ method: 'POST', url: `${v5}/image/vulnerability/handle`, data: body });
  assert.deepEqual(
    world.decisions.map(({ kind, scope, reason, projectId }) => ({ kind, scope, reason, projectId })),
    [{ kind: 'ignore', scope: { kind: 'images', uuids: [image?.image_id] }, reason: 'not reachable', projectId: 1 }],
  );
  await send({
    method: 'POST',
    url: `${v5}/image/vulnerability/handle`,
    data: { ...body, operate_type: 'not_ignore' },
  });
  assert.deepEqual(world.decisions, []);
  const white = { global_image_type: 'local', type: 'vulnerability' };
  const list = { method: 'POST', url: `${v5}/image/whitelists`, query: white };
  await send({
    ...list,
    data: { rule_type: 'all_images', vul_type: 'linux_vul', vul_ids: ['CVE-2026-0002'], description: 'd' },
  });
  const whitelists = await get('/image/whitelists', white);
  const [entry] = whitelists.data_list as { id: string; rule_type: string }[];
  assert.deepEqual([whitelists.total_num, entry?.rule_type], [1, 'all_images']);
  await send({ method: 'PUT', url: `${v5}/image/whitelists/${entry?.id}`, query: white, data: { description: 'e' } });
  assert.equal((await get(`/image/whitelists/${entry?.id}`, white)).description, 'e');
  await send({ method: 'DELETE', url: `${v5}/image/whitelists`, query: white, data: { ids: [entry?.id] } });
  assert.equal(world.decisions.length, 0);
  await send({
    method: 'POST',
    url: `${v5}/image/local/batch-scan`,
    data: { image_info_list: [{ image_id: image?.image_id }] },
  });
  await send({
    method: 'POST',
    url: `${v5}/image/image-scan/tasks`,
    query: { global_image_type: 'local' },
    data: { is_all: true, scan_scope: 0x7fffffff },
  });
  const tasks = await get('/image/tasks', { type: 'image_scan' });
  assert.deepEqual(
    (tasks.data_list as { total_num: number }[]).map((task) => task.total_num),
    [4, 1],
  );
  const [{ task_id } = { task_id: '' }] = tasks.data_list as { task_id: string }[];
  await send({ method: 'PUT', url: `${v5}/image/image-scan/tasks/${task_id}/stop` });
  assert.equal(
    ((await get('/image/tasks', { type: 'image_scan' })).data_list as { task_status: number }[])[0]?.task_status,
    -1,
  );
  assert.deepEqual((await get('/image/asset/statistics')).local_num, 4);
  const total = await send({
    method: 'POST',
    url: `${v5}/image/security-report/statistic`,
    query: { security_report_type: 'vulnerability' },
    data: {},
  });
  assert.equal(total.total_num, 8);
});

test('tokens: password sign-in gives one, and it works in the header', async (t) => {
  const { endpoint } = await huaweiWorld(t);
  const sign = (password: string, scope: object) =>
    fetch(`${endpoint}/v3/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json;charset=utf8' },
      body: JSON.stringify({
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { domain: { name: 'acme' }, name: 'alice', password } },
          },
          scope,
        },
      }),
    });
  const good = await sign('secret', { project: { id: project } });
  assert.equal(good.status, 201);
  const token = good.headers.get('x-subject-token') ?? '';
  const body = (await good.json()) as { token: { methods: string[]; project: { id: string }; issued_at: string } };
  assert.deepEqual([body.token.methods, body.token.project.id], [['password'], project]);
  assert.match(body.token.issued_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  const list = (path: string, value: string) =>
    fetch(`${endpoint}/v5/${path}/image/asset/statistics`, { headers: { 'x-auth-token': value } });
  assert.equal((await list(project, token)).status, 200);
  const foreign = await list('f'.repeat(32), token);
  assert.deepEqual(
    [foreign.status, ((await foreign.json()) as { error_code: string }).error_code],
    [403, 'APIGW.0302'],
  );
  const wrong = await sign('wrong', {});
  assert.deepEqual(
    [wrong.status, await wrong.json()],
    [401, { error_code: 'IAM.0062', error_msg: 'Incorrect password.' }],
  );
  for (const [value, message] of [
    ['nonsense', 'decrypt token fail'],
    ['old', 'token expires, expires_at: 2026-01-01T00:00:00.000Z'],
  ]) {
    const answer = await list(project, value ?? '');
    const { error_code, error_msg } = (await answer.json()) as { error_code: string; error_msg: string };
    assert.deepEqual(
      [answer.status, error_code, error_msg],
      [401, 'APIGW.0301', `Incorrect IAM authentication information: ${message}`],
    );
  }
});
