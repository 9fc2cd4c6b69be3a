import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { alibabaWorld, bankKey, vectorTime } from '../../../../test/support/alibaba-world.ts';
import { ServiceError } from '../../../service/index.ts';

const content = Buffer.from('0123456789');

/** A finished export of the owner. */
async function finished(t: TestContext) {
  const world = await alibabaWorld(t);
  await world.ask('ExportRecord', { ExportType: 'imageVulExport' });
  const [job] = world.exports;
  assert.ok(job !== undefined);
  world.files.set(job.id, content);
  world.exports[0] = { ...job, state: 'success', rowsDone: 3 };
  const { body } = await world.ask('DescribeExportInfo', { ExportId: '1' });
  const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' | 'POST' = 'GET') =>
    world.server.app.inject({
      method,
      url: url.slice('http://drydock.example:8080'.length),
      headers: { host: 'drydock.example:8080', ...headers },
    });
  return { ...world, link: body.Link as string, info: body, get };
}

test('ExportRecord: the filters of the list, pages ignored, nothing cut', async (t) => {
  const { ask, exports } = await alibabaWorld(t);
  const Params = JSON.stringify({
    type: 'cve',
    dealed: 'n',
    uuids: 'a,b',
    currentPage: 3,
    pageSize: 5,
    ScanRange: ['image'],
  });
  const { status, body } = await ask('ExportRecord', { ExportType: 'imageVulExport', Lang: 'en', Params });
  assert.equal(status, 200);
  assert.deepEqual([body.Id, body.FileName], [1, 'export-1.xlsx']);
  const spec = exports[0]?.spec;
  assert.deepEqual(
    [spec?.subject, spec?.grain, spec?.format, spec?.language, spec?.limit],
    ['findings', 'finding', 'xlsx', 'en', undefined],
  );
  assert.deepEqual(spec?.filter, {
    and: [
      { field: 'kind', op: 'in', values: ['cve'] },
      { field: 'image.uuid', op: 'in', values: ['a', 'b'] },
      { field: 'handled', op: 'is', value: false },
    ],
  });
  await ask('ExportRecord', { ExportType: 'imageVulExport' });
  assert.equal(exports[1]?.spec.filter, undefined);
  await ask('ExportRecord', { ExportType: 'imageVulExport', Params: '{"clusterId":"c"}' });
  assert.deepEqual(exports[2]?.spec.filter, { field: 'image.uuid', op: 'in', values: ['-'] });
});

test('ExportRecord: other types and bad filters are refused', async (t) => {
  const { ask, exports } = await alibabaWorld(t);
  for (const ExportType of ['imageBaseLineExport', 'imageAffectedMaliciousExport', 'assetInstance', 'x']) {
    assert.equal((await ask('ExportRecord', { ExportType })).body.Code, 'InvalidExportType');
  }
  for (const Params of ['[]', '{', '{"tag":{"a":1}}', '{"tag":"a","Tag":"b"}', '{"a b":1}']) {
    assert.equal(
      (await ask('ExportRecord', { ExportType: 'imageVulExport', Params })).body.Code,
      'InvalidParams',
      Params,
    );
  }
  const inside = await ask('ExportRecord', { ExportType: 'imageVulExport', Params: '{"dealed":"x"}' });
  assert.equal(inside.body.Code, 'InvalidDealed');
  assert.equal(exports.length, 0);
});

test('ExportRecord: more rows than a workbook holds refuse the order', async (t) => {
  const { ask } = await alibabaWorld(t, {
    override: ({ services }) => ({
      exports: {
        ...services.exports,
        order: async () => {
          throw new ServiceError('too_many_rows', 'xlsx holds 1048575 rows');
        },
      },
    }),
  });
  const { status, body } = await ask('ExportRecord', { ExportType: 'imageVulExport' });
  assert.deepEqual([status, body.Code], [400, 'InvalidParams']);
  assert.match(body.Message, /^Specified parameter Params is not valid\. .*narrow/);
});

test('DescribeExportInfo: states, and no export of others', async (t) => {
  const { ask, exports } = await alibabaWorld(t);
  await ask('ExportRecord', { ExportType: 'imageVulExport' });
  const [job] = exports;
  if (job === undefined) throw new Error('a job');
  const info = async (over: Partial<typeof job>) => {
    exports[0] = { ...job, ...over };
    const { body } = await ask('DescribeExportInfo', { ExportId: '1' });
    return [body.ExportStatus, body.Progress, body.CurrentCount, body.TotalCount, body.Message, 'Link' in body];
  };
  assert.deepEqual(await info({}), ['init', 0, 0, 3, 'success', false]);
  assert.deepEqual(await info({ state: 'running', rowsDone: 2 }), ['exporting', 66, 2, 3, 'success', false]);
  assert.deepEqual(await info({ state: 'success', rowsDone: 3 }), ['success', 100, 3, 3, 'success', true]);
  const reason = { code: 'storage_full', message: 'The disk is full' };
  assert.deepEqual(await info({ state: 'failure', reason }), ['fail', 0, 0, 3, 'The disk is full', false]);
  assert.equal((await info({ state: 'cancelled' }))[0], 'fail');
  assert.equal((await info({ state: 'expired' }))[0], 'fail');
  assert.equal((await ask('DescribeExportInfo', { ExportId: '2' })).body.Code, 'InvalidExportId');
  exports[0] = { ...job, projectId: 1 };
  assert.equal((await ask('DescribeExportInfo', { ExportId: '1' }, bankKey)).body.Code, 'InvalidExportId');
});

test('the link leads to the file without further credentials, whole and in parts', async (t) => {
  const { link, get } = await finished(t);
  assert.match(link, /^http:\/\/drydock\.example:8080\/\?Action=DownloadExport&/);
  const whole = await get(link);
  assert.equal(whole.statusCode, 200);
  assert.deepEqual(whole.rawPayload, content);
  assert.equal(whole.headers['content-length'], '10');
  assert.match(String(whole.headers['content-disposition']), /^attachment; filename\*=UTF-8''export-1\.xlsx$/);
  assert.match(String(whole.headers['content-type']), /spreadsheetml/);
  const etag = String(whole.headers.etag);
  const part = await get(link, { range: 'bytes=2-4' });
  assert.deepEqual([part.statusCode, part.body, part.headers['content-range']], [206, '234', 'bytes 2-4/10']);
  assert.equal((await get(link, { range: 'bytes=-3' })).body, '789');
  assert.equal((await get(link, { range: 'bytes=8-' })).body, '89');
  assert.equal((await get(link, { range: 'bytes=8-', 'if-range': etag })).statusCode, 206);
  assert.equal((await get(link, { range: 'bytes=8-', 'if-range': '"other"' })).statusCode, 200);
  assert.equal((await get(link, { range: 'bytes=0-1,3-4' })).statusCode, 200);
  const beyond = await get(link, { range: 'bytes=10-' });
  assert.deepEqual(
    [beyond.statusCode, beyond.headers['content-range'], beyond.json().Code],
    [416, 'bytes */10', 'InvalidRange'],
  );
  assert.equal((await get(link, { 'if-none-match': etag })).statusCode, 304);
  const head = await get(link, {}, 'HEAD');
  assert.deepEqual([head.statusCode, head.body, head.headers['content-length']], [200, '', '10']);
});

test('links end, and nobody can make or change one', async (t) => {
  const { link, get, at, exports, logs } = await finished(t);
  const refused = async (url: string): Promise<void> => {
    const answer = await get(url);
    assert.deepEqual([answer.statusCode, answer.json().Code], [403, 'AccessDenied'], url);
  };
  const url = new URL(link);
  const token = url.searchParams.get('Token') ?? '';
  const ticket = JSON.parse(Buffer.from(token, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...ticket, until: ticket.until + 1 })).toString('base64url');
  await refused(link.replace(token, forged));
  await refused(link.replace(/Signature=[^&]*/, ''));
  await refused(link.replace(/Signature=/, 'Signature=x'));
  await refused('http://drydock.example:8080/?Action=DownloadExport&Version=2018-12-03');
  assert.equal((await get(link, {}, 'POST')).statusCode, 403);
  at(vectorTime + 15 * 60 * 1000 - 1);
  assert.equal((await get(link)).statusCode, 200);
  at(vectorTime + 15 * 60 * 1000);
  await refused(link);
  at(vectorTime);
  exports.length = 0;
  const gone = await get(link);
  assert.deepEqual([gone.statusCode, gone.json().Code], [404, 'NoSuchExport']);
  assert.ok(!logs.join('').includes(token), 'links are credentials and stay out of the log');
});

test('a link has the rights of the caller who asked for it', async (t) => {
  const { ask, exports, files, get } = await finished(t);
  const [job] = exports;
  if (job === undefined) throw new Error('a job');
  exports[0] = { ...job, projectId: 2 };
  files.set(job.id, content);
  const { body } = await ask('DescribeExportInfo', { ExportId: '1' }, bankKey);
  assert.equal((await get(body.Link)).statusCode, 200);
  exports[0] = { ...job, projectId: 1 };
  assert.equal((await get(body.Link)).statusCode, 404);
});
