import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { signAcs3 } from './acs3.ts';
import { curlOf, quotedForShell } from './curl.ts';
import type { Pairs } from './primitives.ts';
import { signSdkHmac } from './sdk-hmac.ts';

const alibaba = {
  accessKeyId: 'LTAI5tExampleAccessKeyId',
  secret: 'ExampleAccessKeySecret0123456789',
  host: '127.0.0.1:37861',
  at: new Date('2026-11-20T16:47:35Z'),
};
// Answers of the official SDK to these calls, as the server's own tests have them.
const acs3Vectors: readonly (readonly [string, Pairs, string, string, { form?: Pairs; securityToken?: string }?])[] = [
  [
    'DescribeImageSecurityScanCount',
    [
      ['Dealed', 'N'],
      ['ImageUuid', '325bfa067ae6c678e59e8a1b34cc'],
      ['RepoInstanceId', 'cri-p2jahwuuwuk7'],
      ['RepoRegionId', 'cn-beijing'],
      ['ScanRange.2', 'container'],
      ['ScanRange.1', 'image'],
      ['Uuids.1', '07a1300d-2198-4d0d-b1b3-c8da205e0001'],
      ['Uuids.2', 'u2'],
    ],
    '6dbd0b301d087ddddb03452c9948b3803cf33dbbb8e278512ea1fc61f1a1dd55',
    'df13f722872da4e4304b3bd3b02ade7ca8871be4e152633b5179a5237f913136',
  ],
  [
    'DescribeImageSecurityScanCount',
    [],
    '827a03c60a5985c88b3add3727fa2eb397db6d8765d6c98be36fed6ff01d00a9',
    '661708e4aaf11d14bd8875e2f25654c5ebe92f4e641d5b29fb03f64b91c204e4',
  ],
  [
    'OperateImageVul',
    [
      ['Info', `a b+c~d*e!f'g(h)i/j?k=l&m%n中文😀"\n\t`],
      ['OperateType', ''],
      ['Type', 'cve'],
    ],
    '4e92cb2df15769ff5ed74a741d7dc74223b3bbd62fcfb1be7f93c35aacd406e5',
    '7ec607c12f79e848f173bdc59051dca0ef24a4f63f009c247783cfc77317937b',
  ],
  [
    'PageImageRegistry',
    [],
    'c2750a2cd260b0d5c878968ac7c22f080baac6195e15a808d8a84f5d9a53aebc',
    'c4ac9111929c800098879fb43e3f4ee0c72f581466ceb2cea1d2a7efdb955816',
    {
      form: [
        ['CurrentPage', '1'],
        ['PageSize', '20'],
        ['RegistryTypeNotInList.1', 'acr'],
        ['RegistryTypeNotInList.2', 'x'],
      ],
    },
  ],
  [
    'DescribeImageInfoList',
    [['Uuids', 'a,b']],
    '4195be511d30d66fb2cdb957f4d8d3765ce2f12b32ca51af001e3163bb397e3c',
    '489388fa39da9bd2479712c82f598fad63ce3be69cd7c79f806d17afac3b2c43',
    { securityToken: 'CAISexampleSecurityToken+/=abc' },
  ],
];

test('ACS3-HMAC-SHA256 is that of the official SDK', async () => {
  for (const [action, query, nonce, signature, more = {}] of acs3Vectors) {
    const request = await signAcs3({ ...alibaba, action, query, nonce, ...more });
    assert.equal(request.signature, signature, `${action} ${request.canonicalRequest}`);
  }
});

const huawei = { accessKeyId: 'AKTESTEXAMPLE0000001', secret: 'SKtestExample000000000000000000000000001' };
const project = '0123456789abcdef0123456789abcdef';
const headers = { 'content-type': 'application/json', host: '127.0.0.1:18080', 'x-project-id': project };

test('SDK-HMAC-SHA256 is that of the official SDK', async () => {
  const order = await signSdkHmac({
    ...huawei,
    method: 'POST',
    path: `/v5/${project}/image/local-vulnerability/export`,
    query: [['export_size', '1000']],
    body: '{"operate_all":true}',
    at: new Date('2026-11-20T16:47:31Z'),
    headers: { ...headers, region: 'cn-north-4' },
  });
  assert.equal(order.signature, 'a358706df28538e624ef7c4712cac7840d9e4c1ff8524fb5950b58c90e178c33');
  assert.equal(order.target, `/v5/${project}/image/local-vulnerability/export?export_size=1000`);
  const list = await signSdkHmac({
    ...huawei,
    method: 'GET',
    path: `/v5/${project}/image/local-repositories`,
    query: [
      ['offset', '0'],
      ['limit', '10'],
      ['image_name', 'my app+x'],
      ['has_vul', 'true'],
    ],
    body: '',
    at: new Date('2026-11-20T16:47:32Z'),
    headers,
  });
  assert.equal(list.signature, '865c2b9087009423fc83620b087c7a6f720953bbbdfee90f5d1aafa11cf1e6e3');
  assert.match(list.target, /\?offset=0&limit=10&image_name=my%20app%2Bx&has_vul=true$/);
});

test('words of a command are what they were, whatever stands in them', () => {
  for (const text of ['plain', `it's "quoted" $HOME \`id\` \\ !`, 'a\nb', '']) {
    assert.equal(execFileSync('sh', ['-c', `printf %s ${quotedForShell(text)}`]).toString(), text);
  }
  const command = curlOf({ method: 'POST', url: 'http://h/', headers: { host: 'h', a: 'b' }, body: '{}' });
  assert.equal(command, "curl -sS -X POST 'http://h/' \\\n  -H 'a: b' \\\n  --data-raw '{}'");
});
