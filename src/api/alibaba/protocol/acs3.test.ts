import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RpcError } from '../errors.ts';
import {
  acs3StringToSign,
  canonicalRequest,
  checkSignedHeaders,
  isContentHash,
  parseAuthorization,
  signAcs3,
} from './acs3.ts';
import { canonicalQuery } from './encoding.ts';
import { decodeParameters } from './parameters.ts';

const secret = 'ExampleAccessKeySecret0123456789';
const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const seven =
  'host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version';

interface Vector {
  readonly name: string;
  readonly secret?: string;
  readonly query: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: string;
  readonly canonicalQuery?: string;
  readonly hash: string;
  readonly signature: string;
}

function headers(action: string, nonce: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    host: '127.0.0.1:37861',
    'x-acs-version': '2018-12-03',
    'x-acs-action': action,
    'x-acs-date': '2026-11-20T16:47:35Z',
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': empty,
    'x-acs-credentials-provider': 'static_ak',
    ...more,
  };
}

const special =
  'Info=a%20b%2Bc~d*e!f%27g(h)i%2Fj%3Fk%3Dl%26m%25n%E4%B8%AD%E6%96%87%F0%9F%98%80%22%0A%09&OperateType=&Type=cve';

/** The worked vectors of alibaba-protocol.md §3.1 and §3.2. */
const vectors: readonly Vector[] = [
  {
    name: '3.1',
    query:
      'Dealed=N&ImageUuid=325bfa067ae6c678e59e8a1b34cc&RepoInstanceId=cri-p2jahwuuwuk7&RepoRegionId=cn-beijing&ScanRange.1=image&ScanRange.2=container&Uuids.1=07a1300d-2198-4d0d-b1b3-c8da205e0001&Uuids.2=u2',
    headers: headers(
      'DescribeImageSecurityScanCount',
      '6dbd0b301d087ddddb03452c9948b3803cf33dbbb8e278512ea1fc61f1a1dd55',
    ),
    signedHeaders: seven,
    hash: '7471fcecc7ed6bd150cb9bc5838e0f821cfec9b4ecf6b273265c0c661e426991',
    signature: 'df13f722872da4e4304b3bd3b02ade7ca8871be4e152633b5179a5237f913136',
  },
  {
    name: 'no parameters',
    query: '',
    headers: headers(
      'DescribeImageSecurityScanCount',
      '827a03c60a5985c88b3add3727fa2eb397db6d8765d6c98be36fed6ff01d00a9',
    ),
    signedHeaders: seven,
    canonicalQuery: '',
    hash: 'eb7943db87841be111c67b1f044cf01ec13495d10e156d80f76d4627655f2f53',
    signature: '661708e4aaf11d14bd8875e2f25654c5ebe92f4e641d5b29fb03f64b91c204e4',
  },
  {
    name: 'raw and encoded special characters, empty value',
    query: special,
    headers: headers('OperateImageVul', '4e92cb2df15769ff5ed74a741d7dc74223b3bbd62fcfb1be7f93c35aacd406e5'),
    signedHeaders: seven,
    canonicalQuery:
      'Info=a%20b%2Bc~d%2Ae%21f%27g%28h%29i%2Fj%3Fk%3Dl%26m%25n%E4%B8%AD%E6%96%87%F0%9F%98%80%22%0A%09&OperateType=&Type=cve',
    hash: '762d45662e70591c49d1afa4ba9b75e34f979017b2548340fa686d50d8c2ee45',
    signature: '7ec607c12f79e848f173bdc59051dca0ef24a4f63f009c247783cfc77317937b',
  },
  {
    name: 'form body',
    query: '',
    body: 'CurrentPage=1&PageSize=20&RegistryTypeNotInList.1=acr&RegistryTypeNotInList.2=x',
    headers: headers('PageImageRegistry', 'c2750a2cd260b0d5c878968ac7c22f080baac6195e15a808d8a84f5d9a53aebc', {
      'content-type': 'application/x-www-form-urlencoded',
      'x-acs-content-sha256': 'e7aa0f1a75d22099ee9ebb5a6f8ffc346906e8fb56a434bdf2b503e8de311673',
    }),
    signedHeaders: `content-type;${seven}`,
    hash: '45c9550473cca5ee69fb3680e2649dea93558586ae830abf45d078caecc8482e',
    signature: 'c4ac9111929c800098879fb43e3f4ee0c72f581466ceb2cea1d2a7efdb955816',
  },
  {
    name: 'JSON list parameter',
    query: 'CurrentPage=1&Lang=zh&PageSize=20&ScanRange=%5B%22image%22%2C%22container%22%5D',
    headers: headers(
      'DescribeImageSensitiveFileList',
      'd942e75f90b0605dde8ad42cb67368a8042d6763a789e1d4c062f609af05e9d3',
    ),
    signedHeaders: seven,
    hash: '11dafa131cdaed242bc961e9638a3954693ffc7ccaa61d8f6a5473b0c5ba2b26',
    signature: '3b0cbf7344d83d86a5fc73d269ff394da0558304162aa59022f5a4d3c6c1b838',
  },
  {
    name: 'STS',
    query: 'Uuids=a%2Cb',
    headers: headers('DescribeImageInfoList', '4195be511d30d66fb2cdb957f4d8d3765ce2f12b32ca51af001e3163bb397e3c', {
      'x-acs-accesskey-id': 'LTAI5tExampleAccessKeyId',
      'x-acs-security-token': 'CAISexampleSecurityToken+/=abc',
      'x-acs-credentials-provider': 'static_sts',
    }),
    signedHeaders:
      'host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version',
    hash: '837cfd1a67e1b46fd9b38103793c8f73554a22f9e60504bde444d968043ecc99',
    signature: '489388fa39da9bd2479712c82f598fad63ce3be69cd7c79f806d17afac3b2c43',
  },
  {
    name: 'Python',
    query: 'ScanRange.1=image&ScanRange.2=container&Dealed=N&ImageTag=a+b%2Bc~%2A%21%27%28%29%2F%E4%B8%AD',
    headers: headers('DescribeImageSecurityScanCount', '4d9338dc01b868116a5f5df2378183c7', {
      host: '127.0.0.1:39009',
      accept: 'application/json',
      'user-agent': 'AlibabaCloud (Linux; x86_64) Python/3.11.7 Core/0.4.3 TeaDSL/2',
      'x-acs-date': '2026-11-20T17:04:42Z',
    }),
    signedHeaders:
      'accept;host;user-agent;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version',
    canonicalQuery: 'Dealed=N&ImageTag=a%20b%2Bc~%2A%21%27%28%29%2F%E4%B8%AD&ScanRange.1=image&ScanRange.2=container',
    hash: '85ce25504d3cd00e26311a0f3f879fed6dbb3dcd5aabfcacf4992567c55de259',
    signature: '047cfded44ca166746319136b0ca88afaa52193ddccd3e6c883d8f9161413ac5',
  },
  {
    name: "the vendor's own",
    secret: 'YourAccessKeySecret',
    query: 'ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai',
    headers: {
      host: 'ecs.cn-shanghai.aliyuncs.com',
      'x-acs-action': 'RunInstances',
      'x-acs-version': '2014-05-26',
      'x-acs-date': '2023-10-26T10:22:32Z',
      'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
      'x-acs-content-sha256': empty,
    },
    signedHeaders: 'host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version',
    hash: '7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259',
    signature: '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  },
];

const values = (vector: Vector): Map<string, string[]> =>
  new Map(Object.entries(vector.headers).map(([name, value]) => [name, [value]]));

for (const vector of vectors) {
  test(`worked vector: ${vector.name}`, () => {
    const body = Buffer.from(vector.body ?? '');
    const { query } = decodeParameters(vector.query, body, vector.headers['content-type']);
    if (vector.canonicalQuery !== undefined) assert.equal(canonicalQuery(query), vector.canonicalQuery);
    const list = vector.signedHeaders.split(';');
    checkSignedHeaders(list, values(vector));
    const canonical = canonicalRequest({ method: 'POST', query, headers: values(vector), body }, list);
    const stringToSign = acs3StringToSign(canonical);
    assert.equal(stringToSign, `ACS3-HMAC-SHA256\n${vector.hash}`);
    assert.equal(signAcs3(vector.secret ?? secret, stringToSign), vector.signature);
    assert.ok(isContentHash(vector.headers['x-acs-content-sha256'], body));
  });
}

test('3.1 has the canonical request of the specification', () => {
  const [vector] = vectors as [Vector];
  const { query } = decodeParameters(vector.query, Buffer.alloc(0), undefined);
  const canonical = canonicalRequest(
    { method: 'POST', query, headers: values(vector), body: Buffer.alloc(0) },
    seven.split(';'),
  );
  assert.deepEqual(canonical.split('\n').slice(0, 5), [
    'POST',
    '/',
    vector.query,
    'host:127.0.0.1:37861',
    'x-acs-action:DescribeImageSecurityScanCount',
  ]);
  assert.deepEqual(canonical.split('\n').slice(-3), ['', seven, empty]);
});

test('the authorization header: one blank behind a comma is tolerated, everything else is not', () => {
  const good = 'ACS3-HMAC-SHA256 Credential=LTAI,SignedHeaders=host;x-acs-date,Signature=0a';
  const read = { accessKeyId: 'LTAI', signedHeaders: ['host', 'x-acs-date'], signature: '0a' };
  assert.deepEqual(parseAuthorization(good), read);
  assert.deepEqual(parseAuthorization(good.replaceAll(',', ', ')), read);
  const wrong = [
    'ACS3-HMAC-SHA256',
    good.replace('Credential', 'credential'),
    good.replace('LTAI', ''),
    good.replace('LTAI', 'LT AI'),
    good.replace('=0a', '='),
    good.replace('=0a', '=0A'),
    good.replace('=0a', '=zz'),
    good.replace('host;', 'Host;'),
    good.replace('host;', 'host;host;'),
    good.replace('host;x-acs-date', ''),
    `${good},Signature=0b`,
    `${good},Extra=1`,
    good.replaceAll(',', ',  '),
  ];
  for (const header of wrong) {
    assert.throws(
      () => parseAuthorization(header),
      (error) => error instanceof RpcError && error.code === 'IncompleteSignature',
      header,
    );
  }
});

test('headers that decide must be signed, and signed headers stand there once', () => {
  const [vector] = vectors as [Vector];
  const list = seven.split(';');
  for (const name of list) {
    assert.throws(() =>
      checkSignedHeaders(
        list.filter((other) => other !== name),
        values(vector),
      ),
    );
  }
  const more = (name: string, texts: string[]) => values(vector).set(name, texts);
  assert.throws(() => checkSignedHeaders(list, more('content-type', ['application/json'])));
  assert.throws(() => checkSignedHeaders(list, more('x-acs-retry-attempts', ['1'])));
  assert.throws(() => checkSignedHeaders(list, more('host', ['a', 'b'])));
  checkSignedHeaders(list, more('accept', ['a', 'b']));
});
