import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import {
  type AlibabaWorld,
  alibabaWorld,
  bankKey,
  ownerKey,
  readerKey,
  secret,
  stsKey,
  stsToken,
} from '../support/alibaba-world.ts';

const require = createRequire(import.meta.url);

/** What a client was told: an answer, or a refusal. */
interface Outcome {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly message: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies differ by operation
  readonly body: any;
}

interface Who {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

type Parameters = Readonly<Record<string, unknown>>;
type Ask = (world: Listening, who: Who, action: string, parameters?: Parameters) => Promise<Outcome>;

interface Listening extends AlibabaWorld {
  readonly endpoint: string;
}

const owner: Who = { accessKeyId: ownerKey, accessKeySecret: secret };
const formOperations = ['PageImageRegistry', 'ModifyImageRegistry', 'ModifyImageFixCycleConfig'];

async function listening(t: TestContext, now: () => number = Date.now): Promise<Listening> {
  const world = await alibabaWorld(t, { now });
  await world.server.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = world.server.app.server.address() as { port: number };
  return { ...world, endpoint: `127.0.0.1:${port}` };
}

/** The generic call of the current core library, or of the one before it: the product's SDK sends the same requests. */
function teaClient(library: 'openapi-core' | 'openapi-client', signatureAlgorithm?: string): Ask {
  return async (world, who, action, parameters = {}) => {
    const config = {
      ...who,
      endpoint: world.endpoint,
      protocol: 'http',
      ...(signatureAlgorithm && { signatureAlgorithm }),
    };
    const settings = {
      action,
      version: '2018-12-03',
      protocol: 'HTTPS',
      pathname: '/',
      method: 'POST',
      authType: 'AK',
    };
    const types = { style: 'RPC', reqBodyType: 'formData', bodyType: 'json' };
    const inForm = formOperations.includes(action);
    const core = require('@alicloud/openapi-core');
    const runtime = require('@darabonba/typescript');
    try {
      if (library === 'openapi-core') {
        const client = new core.default(new core.$OpenApiUtil.Config(config));
        const values = core.OpenApiUtil.query(parameters);
        const request = new core.$OpenApiUtil.OpenApiRequest(inForm ? { body: values } : { query: values });
        const params = new core.$OpenApiUtil.Params({ ...settings, ...types });
        return succeeded(await client.callApi(params, request, new runtime.RuntimeOptions({})));
      }
      const before = require('@alicloud/openapi-client');
      const { RuntimeOptions } = require('@alicloud/tea-util');
      const client = new before.default(new before.Config(config));
      const values = core.OpenApiUtil.query(parameters);
      const request = new before.OpenApiRequest(inForm ? { body: values } : { query: values });
      return succeeded(
        await client.callApi(new before.Params({ ...settings, ...types }), request, new RuntimeOptions({})),
      );
    } catch (error) {
      return refusedBy(error);
    }
  };
}

function succeeded(answer: { statusCode: number; body: unknown }): Outcome {
  return { status: answer.statusCode, code: undefined, message: '', body: answer.body };
}

function refusedBy(error: unknown): Outcome {
  const { code, message, statusCode, data } = error as {
    code?: string;
    message: string;
    statusCode?: number;
    data?: { statusCode?: number };
  };
  return { status: statusCode ?? data?.statusCode, code, message, body: data };
}

/** The oldest Node client. */
function popClient(method: 'GET' | 'POST'): Ask {
  return async (world, who, action, parameters = {}) => {
    const { RPCClient } = require('@alicloud/pop-core');
    const client = new RPCClient({ endpoint: `http://${world.endpoint}`, apiVersion: '2018-12-03', ...who });
    try {
      const body = await client.request(action, parameters, { method });
      // Its parser makes objects without prototype.
      return { status: 200, code: undefined, message: '', body: JSON.parse(JSON.stringify(body)) };
    } catch (error) {
      const { code, message, data, entry } = error as {
        code?: string;
        message: string;
        data?: unknown;
        entry?: { response: { statusCode: number } };
      };
      return { status: entry?.response.statusCode, code, message, body: data };
    } finally {
      client.keepAliveAgent.destroy();
    }
  };
}

const clients: readonly (readonly [string, Ask])[] = [
  ['openapi-core, ACS3', teaClient('openapi-core')],
  ['openapi-core, signature 1.0', teaClient('openapi-core', 'v2')],
  ['openapi-client, ACS3', teaClient('openapi-client')],
  ['openapi-client, signature 1.0', teaClient('openapi-client', 'v2')],
  ['pop-core, GET', popClient('GET')],
  ['pop-core, POST', popClient('POST')],
];

for (const [name, ask] of clients) {
  test(`${name}: reads, lists, forms, writes`, async (t) => {
    const world = await listening(t);
    const counts = await ask(world, owner, 'DescribeImageSecurityScanCount', {
      ScanRange: ['image', 'container'],
      Dealed: 'N',
    });
    assert.equal(counts.status, 200, counts.message);
    assert.deepEqual(counts.body.Data, {
      ImageBaselineCount: 0,
      ImageMaliciousFileCount: 0,
      ImageScaVulCount: 1,
      ImageCveVulCount: 7,
    });
    const [one, two] = world.estate.images;
    const images = await ask(world, owner, 'DescribeImageInfoList', { Uuids: `${one?.uuid}, none,${two?.uuid}` });
    assert.deepEqual(
      images.body.ImageInfos.map(({ Uuid }: { Uuid: string }) => Uuid),
      [one?.uuid, two?.uuid],
    );
    const registries = await ask(world, owner, 'PageImageRegistry', {
      RegistryTypeNotInList: ['harbor', 'x'],
      PageSize: 5,
    });
    assert.deepEqual(registries.body.PageInfo, { CurrentPage: 1, PageSize: 5, TotalCount: 1, Count: 1 });
    const info = [{ uuid: one?.uuid, newTag: '1.4.2-a_b', ids: [101, 102] }];
    const fix = await ask(world, owner, 'OperateImageVul', {
      Info: JSON.stringify(info),
      OperateType: 'vul_fix',
      Type: 'cve',
    });
    assert.deepEqual(Object.keys(fix.body), ['RequestId']);
    assert.equal(world.work.fixes.length, 1);
    const again = await ask(world, owner, 'OperateImageVul', {
      Info: JSON.stringify(info),
      OperateType: '',
      Type: 'cve',
    });
    assert.equal(again.status, 200);
    assert.equal(world.work.fixes.length, 1);
    const tasks = await ask(world, owner, 'DescribeImageFixTask', { CurrentPage: 1, PageSize: 20, Status: '1' });
    assert.equal(tasks.body.BuildTasks[0].NewTag, '1.4.2-a_b');
    const strange = 'a b+c~d*e!f\'g(h)i/j?k=l&m%n中文😀"\n\t';
    const none = await ask(world, owner, 'DescribeImageVulList', { Type: 'cve', AliasName: strange });
    assert.equal(none.status, 200, none.message);
    assert.equal(none.body.TotalCount, 0);
  });

  test(`${name}: refusals with status, code and message of the table`, async (t) => {
    const world = await listening(t);
    const wrongSecret = await ask(world, { ...owner, accessKeySecret: 'other' }, 'DescribeImageStatistics');
    expect(wrongSecret, 400, 'SignatureDoesNotMatch');
    const unknown = await ask(world, { ...owner, accessKeyId: 'nobody' }, 'DescribeImageStatistics');
    expect(unknown, 404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
    const missing = await ask(world, owner, 'DescribeImageInfoList');
    expect(missing, 400, 'MissingUuids', 'Uuids is mandatory for this action.');
    const invalid = await ask(world, owner, 'DescribeImageFixTask', { Status: '4' });
    expect(invalid, 400, 'InvalidStatus', 'Specified parameter Status is not valid.');
    const action = await ask(world, owner, 'DescribeNothing');
    expect(action, 404, 'InvalidAction.NotFound', 'Specified api is not found, please check your url and method.');
    const denied = await ask(world, { accessKeyId: readerKey, accessKeySecret: secret }, 'OperateImageVul', {
      Info: '[]',
    });
    expect(denied, 403, 'NoPermission', 'caller has no permission');
    const foreign = { accessKeyId: bankKey, accessKeySecret: secret };
    const [one] = world.estate.images;
    const theirs = await ask(world, foreign, 'DescribeImageInfoList', { Uuids: one?.uuid ?? '' });
    assert.deepEqual(theirs.body.ImageInfos, []);
    const info = JSON.stringify([{ uuid: one?.uuid, ids: [101] }]);
    expect(await ask(world, foreign, 'OperateImageVul', { Info: info }), 400, 'InvalidInfo');
    assert.equal(world.work.fixes.length, 0);
  });

  test(`${name}: temporary credentials`, async (t) => {
    const world = await listening(t);
    const temporary = { accessKeyId: stsKey, accessKeySecret: secret, securityToken: stsToken };
    const known = world.access.keys.get(stsKey);
    assert.ok(known !== undefined);
    world.access.keys.set(stsKey, { ...known, session: { token: stsToken, expiresAt: Date.now() + 60_000 } });
    const good = await ask(world, temporary, 'DescribeCountScannedImage');
    assert.equal(good.body.ScannedCount, 4, good.message);
    const other = await ask(world, { ...temporary, securityToken: 'other' }, 'DescribeCountScannedImage');
    expect(other, 400, 'InvalidSecurityToken.MismatchWithAccessKey');
    world.access.keys.set(stsKey, { ...known, session: { token: stsToken, expiresAt: Date.now() - 1 } });
    expect(await ask(world, temporary, 'DescribeCountScannedImage'), 400, 'InvalidSecurityToken.Expired');
  });

  test(`${name}: stale time and replayed nonce`, async (t) => {
    // The client takes its time from this machine; this server believes it is later.
    const late = await listening(t, () => Date.now() + 16 * 60 * 1000);
    const stale = await ask(late, owner, 'DescribeImageStatistics');
    expect(stale, 400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');

    const world = await listening(t);
    const tap = await tapped(t, world.endpoint);
    const first = await ask({ ...world, endpoint: tap.endpoint }, owner, 'DescribeImageStatistics');
    assert.equal(first.status, 200, first.message);
    const replay = await sendRaw(world.endpoint, Buffer.concat(tap.sent));
    assert.match(replay, /^HTTP\/1\.1 400 /);
    assert.match(replay, /"Code":"SignatureNonceUsed","Message":"Specified signature nonce was used already\."/);
  });
}

/** Hands everything on to a server and keeps what the client sent. */
async function tapped(t: TestContext, endpoint: string): Promise<{ endpoint: string; sent: Buffer[] }> {
  const sent: Buffer[] = [];
  const [host, port] = endpoint.split(':');
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    client.on('data', (bytes: Buffer) => sent.push(bytes));
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { endpoint: `127.0.0.1:${(server.address() as { port: number }).port}`, sent };
}

/** Sends bytes as they are; the answer until the first pause. */
async function sendRaw(endpoint: string, bytes: Buffer): Promise<string> {
  const [host, port] = endpoint.split(':');
  const socket = connect(Number(port), host);
  socket.write(bytes);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return String(answer);
}

function expect(outcome: Outcome, status: number, code: string, message?: string): void {
  assert.equal(outcome.code, code, outcome.message);
  assert.equal(outcome.status, status);
  if (message !== undefined) assert.ok(outcome.message.includes(message), outcome.message);
}
