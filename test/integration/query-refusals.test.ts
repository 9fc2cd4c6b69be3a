import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueryError, type QueryErrorCode } from '../../src/findings/index.ts';
import { alibabaWorld } from '../support/alibaba-world.ts';
import { huaweiWorld, keys, project, signedFetch } from '../support/huawei-world.ts';
import { nativeWorld } from '../support/native-world.ts';

const basic = { authorization: `Basic ${Buffer.from('AK1:secret-1').toString('base64')}`, host: 'x' };
const codes: readonly QueryErrorCode[] = [
  'filter_syntax',
  'filter_field',
  'filter_value',
  'filter_limit',
  'bad_cursor',
];

test('a filter or position that cannot be used is a clean refusal in every API, never a failure of the server', async (t) => {
  const position = 7;
  let code: QueryErrorCode = 'filter_syntax';
  const fail = (): Promise<never> => Promise.reject(new QueryError(code, 'secret detail', { position }));
  const native = await nativeWorld(t);
  Object.assign(native.deps.services.images, { page: fail });
  const alibaba = await alibabaWorld(t, {
    override: ({ services }) => ({ registries: { ...services.registries, page: fail } }),
  });
  const huawei = await huaweiWorld(t);
  Object.assign(huawei.services.exports, { order: fail });
  for (code of codes) {
    const problem = await native.server.app.inject({ url: '/api/v1/images', headers: basic });
    const { status, field, position: told } = problem.json();
    assert.deepEqual([status, problem.json().code], [400, code]);
    assert.deepEqual([field, told], [code === 'bad_cursor' ? 'after' : 'q', position]);
    const rpc = await alibaba.ask('PageImageRegistry');
    assert.deepEqual([rpc.status, rpc.body.Code], [400, 'InvalidParameter'], code);
    assert.doesNotMatch(JSON.stringify(rpc.body), /secret detail/);
    const answer = await signedFetch(huawei.endpoint, keys.owner, {
      method: 'POST',
      path: `/v5/${project}/image/local-vulnerability/export`,
      query: 'export_size=10',
      body: '{"operate_all":true}',
    });
    const body = (await answer.json()) as { error_code: string };
    assert.deepEqual([answer.status, body.error_code], [400, 'HSS.0001'], code);
  }
});
