import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { grant } from '../../../test/support/fake-access.ts';
import { nativeWorld } from '../../../test/support/native-world.ts';

const basic = { authorization: `Basic ${Buffer.from('AK1:secret-1').toString('base64')}`, host: 'x' };

async function world(t: TestContext) {
  const made = await nativeWorld(t);
  const send = async (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, headers: object = basic) => {
    const answer = await made.server.app.inject({
      ...{ method, url: `/api/v1${url}`, headers: { ...headers } },
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const get = async (url: string, headers?: object) => (await send('GET', url, undefined, headers)).body;
  return { ...made, send, get };
}

const ids = (page: { items: { id: number }[] }): number[] => page.items.map(({ id }) => id);

test('risks of one image and of all: lists by kind, narrowed, masked, with their decision', async (t) => {
  const { get, send, estate } = await world(t);
  const [one] = estate.images;
  assert.deepEqual(ids(await get(`/images/${one?.uuid}/baseline`)), [901, 902]);
  assert.deepEqual(ids(await get(`/images/${one?.uuid}/baseline?statuses=open`)), [901]);
  assert.deepEqual(ids(await get('/risks/malicious/findings?levels=serious')), [921, 922]);
  assert.deepEqual(ids(await get(`/risks/malicious/findings?md5=${'3'.padStart(32, '0')}`)), [923]);
  assert.deepEqual(ids(await get('/risks/baseline/findings?rules=duplicate_uid&limit=2')), [901, 903]);
  const groups = await get('/risks/baseline?by=name');
  assert.deepEqual(
    groups.items.map(({ key, images }: { key: string; images: { total: number } }) => [key, images.total]),
    [
      ['identification', 3],
      ['ssh_config', 1],
    ],
  );
  assert.equal((await get('/risks/sensitive/images')).total, 3);
  assert.equal((await get('/risks?q=repository:bank/vault')).malicious.total, 1);
  assert.equal((await get('/risks')).handled.malicious, 1);
  for (const [url, status] of [
    [`/images/${'f'.repeat(32)}/baseline`, 404],
    ['/risks/nothing/findings', 400],
    ['/risks/malicious/findings?md5=x', 400],
    ['/risks/baseline/findings?levels=worst', 400],
  ] as const) {
    assert.equal((await send('GET', url)).status, status, url);
  }
});

test('risks of other projects are as if they were not there', async (t) => {
  const { get, send, token, estate } = await world(t);
  const headers = { authorization: `Bearer ${token('banker', [grant(['drydock:*'], [2])])}`, host: 'x' };
  assert.deepEqual(ids(await get('/risks/baseline/findings', headers)), [904]);
  assert.equal((await get('/risks', headers)).sensitive.total, 1);
  const theirs = await send('GET', `/images/${estate.images[0]?.uuid}/baseline`, undefined, headers);
  assert.equal(theirs.status, 404);
  const choice = await send('PUT', '/scan-choices/sensitive-scan', { on: false }, headers);
  assert.equal(choice.status, 403);
});

test('decisions on risks: what is asked reaches the use case, what is wrong does not', async (t) => {
  const { send, riskChanges, estate, token } = await world(t);
  const uuids = [estate.images[0]?.uuid ?? ''];
  const change = { kind: 'baseline', status: 'whitelisted', rules: ['duplicate_uid'], uuids, reason: 'ours' };
  const { status, body } = await send('POST', '/risks/status', change);
  assert.deepEqual([status, body], [200, { decisions: [1] }]);
  await send('POST', '/risks/status', { kind: 'sensitive', status: 'open', ids: [931] });
  assert.deepEqual(riskChanges, [
    { ...change, source: 'api' },
    { kind: 'sensitive', status: 'open', rules: [], ids: [931], reason: '', source: 'api' },
  ]);
  for (const wrong of [{ kind: 'other' }, { status: 'gone' }, { uuids: [] }, { ids: [0] }, { extra: 1 }]) {
    assert.equal((await send('POST', '/risks/status', { ...change, ...wrong })).status, 400, JSON.stringify(wrong));
  }
  const reader = { authorization: `Bearer ${token('reader', [grant(['drydock:finding:read'])])}`, host: 'x' };
  assert.equal((await send('POST', '/risks/status', change, reader)).status, 403);
  assert.equal(riskChanges.length, 2);
});

test('what scans look for', async (t) => {
  const { get, send } = await world(t);
  assert.equal((await get('/scan-choices/strategies')).items[0].type, 'default');
  const saved = await send('PUT', '/scan-choices/strategies', { items: ['duplicate_uid'], name: 'mine' });
  assert.deepEqual([saved.status, saved.body.items, saved.body.active], [200, ['duplicate_uid'], true]);
  assert.equal((await send('PUT', '/scan-choices/strategies', { type: 'other' })).status, 400);
  const selected = await send('PUT', '/scan-choices/rules/sensitive', { selected: ['pem'] });
  assert.deepEqual(selected.body.selected, ['pem']);
  assert.deepEqual((await get('/scan-choices/rules/sensitive')).selected, ['pem']);
  assert.equal((await send('GET', '/scan-choices/rules/malicious')).status, 400);
  assert.deepEqual(await get('/scan-choices/sensitive-scan'), { on: true });
  assert.deepEqual((await send('PUT', '/scan-choices/sensitive-scan', { on: false })).body, { on: false });
  assert.deepEqual(await get('/scan-choices/sensitive-scan'), { on: false });
});
