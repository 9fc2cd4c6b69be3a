import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alibabaFacade,
  alibabaMount,
  createLogger,
  createNativeMount,
  createServer,
  defaultAlibabaSettings,
  defaultServerLimits,
  defaultServerOptions,
  huaweiFacade,
  huaweiMount,
} from '../../src/api/index.ts';
import { nativeWorld } from '../support/native-world.ts';
import { sendRaw } from '../support/raw-http.ts';

/** Whose words an answer is in. */
function dialect(body: Record<string, unknown>): string {
  if (typeof body.Code === 'string' && typeof body.RequestId === 'string') return 'alibaba';
  if (typeof body.error_code === 'string') return 'huawei';
  if (typeof body.error === 'object') return 'iam';
  return typeof body.code === 'string' && typeof body.title === 'string' ? 'native' : 'none';
}

test('three APIs on one port: whatever is asked, the answer is JSON in the words of the API that was asked', async (t) => {
  const { deps } = await nativeWorld(t);
  const { access, services, clock } = deps;
  const alibaba = {
    access,
    services,
    clock,
    settings: { ...defaultAlibabaSettings, linkKey: Buffer.alloc(32, 7) },
  };
  const server = await createServer(
    { ...defaultServerOptions, port: 0, limits: { ...defaultServerLimits, requestsPerSecond: 0 } },
    {
      logger: createLogger({ level: 'silent' }),
      mounts: [
        alibabaMount((app) => alibabaFacade(app, alibaba)),
        huaweiMount((app) => huaweiFacade(app, { access, services, clock })),
        createNativeMount(deps),
      ],
      checks: [],
      gauges: [],
    },
  );
  t.after(() => server.stop(0));
  const { port } = await server.listen();
  const targets: [string, readonly string[]][] = [
    ['/?Action=DescribeImageInfoList&Version=2018-12-03', ['alibaba']],
    ['/?Action=', ['alibaba']],
    ['/?Action=%', ['alibaba']],
    ['/?Action=A&Action=B', ['alibaba']],
    ['/v5/p/image/local-repositories', ['huawei']],
    ['/v5/p/image/local-vulnerability/export?export_size=x', ['huawei']],
    ['/v5', ['huawei']],
    ['/v5/%zz', ['huawei']],
    ['/v5/p/export-task/../../x', ['huawei']],
    ['/v3/auth/tokens', ['huawei', 'iam']],
    ['/v3/none', ['huawei', 'iam']],
    ['/api/v1/images', ['native']],
    ['/api/v1/none', ['native']],
    ['/api', ['native']],
  ];
  const bodies: [string, string][] = [
    ['', ''],
    ['application/json', '{'],
    ['application/json', 'null'],
    ['application/x-www-form-urlencoded', 'Action=OperateImageVul&Info=%5B%5D'],
    ['text/xml', '<a/>'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/json; charset=utf-7', '[]'],
  ];
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
    for (const [target, expected] of targets) {
      for (const [type, body] of bodies) {
        const content = type === '' ? '' : `Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n`;
        const head = `${method} ${target} HTTP/1.1\r\nHost: d.example:8480\r\nConnection: close\r\n${content}\r\n`;
        const answer = await sendRaw(port, head + body);
        const name = `${method} ${target} ${type}: ${answer.status} ${answer.body}`;
        assert.ok(answer.status >= 400 && answer.status < 500, name);
        assert.match(answer.headers['content-type'] ?? '', /json/, name);
        assert.ok(expected.includes(dialect(JSON.parse(answer.body))), name);
        assert.match(answer.headers['x-request-id'] ?? '', /^[0-9A-Fa-f-]{32,36}$/, name);
        assert.equal(answer.headers['x-content-type-options'], 'nosniff', name);
        assert.equal(answer.headers['access-control-allow-origin'], undefined, name);
      }
    }
  }
});
