import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alibabaWorld, bankKey } from '../../../../test/support/alibaba-world.ts';
import { ServiceError } from '../../../service/index.ts';

const wanted = {
  DomainName: 'harbor.example',
  NetType: '2',
  Password: 'hunter2',
  Port: '5000',
  ProtocolType: '1',
  RegistryHostIp: '10.0.0.9',
  RegistryRegionId: 'cn-hangzhou',
  RegistryType: 'harbor',
  RegistryVersion: 'V2',
  TransPerHour: '50',
  UserName: 'robot',
  VpcId: 'vpc-1',
};

test('AddPrivateRegistry: stored as asked, answered without its password', async (t) => {
  const { ask, estate, passwords } = await alibabaWorld(t);
  const { status, body } = await ask('AddPrivateRegistry', wanted);
  assert.equal(status, 200);
  const { Token, ...data } = body.Data;
  assert.match(Token, /^[0-9a-f]{32}$/);
  assert.deepEqual(data, {
    AliUid: 1000,
    Id: 3,
    DomainName: 'harbor.example',
    NetType: 2,
    Password: '******',
    ProtocolType: 1,
    RegionId: 'cn-hangzhou',
    RegistryHostIp: '10.0.0.9',
    RegistryType: 'harbor',
    RegistryVersion: 'V2',
    TransPerHour: 50,
    UserName: 'robot',
    VpcId: 'vpc-1',
  });
  const stored = estate.registries[2];
  assert.deepEqual(
    [stored?.kind, stored?.baseUrl, stored?.connectAddress, stored?.insecure, stored?.scansPerHour],
    ['harbor', 'http://harbor.example:5000', '10.0.0.9', true, 50],
  );
  assert.equal(passwords.get(3), 'hunter2');
});

test('AddPrivateRegistry: the same again keeps one registry and takes the new password; others are refused', async (t) => {
  const { ask, estate, passwords } = await alibabaWorld(t);
  await ask('AddPrivateRegistry', wanted);
  const again = await ask('AddPrivateRegistry', { ...wanted, Password: 'new' });
  assert.deepEqual([again.status, again.body.Data.Id, estate.registries.length], [200, 3, 3]);
  assert.equal(passwords.get(3), 'new');
  const other = await ask('AddPrivateRegistry', { ...wanted, UserName: 'somebody' });
  assert.deepEqual([other.status, other.body.Code], [400, 'InvalidDomainName']);
  const foreign = await ask('AddPrivateRegistry', wanted, bankKey);
  assert.equal(foreign.body.Code, 'InvalidDomainName');
  assert.equal(passwords.get(3), 'new');
});

test('AddPrivateRegistry: Quay brings namespaces; their tokens are not kept', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const quay = { ...wanted, RegistryType: 'quay', ProtocolType: '2', Port: '443', RegistryHostIp: 'harbor.example' };
  assert.equal((await ask('AddPrivateRegistry', quay)).body.Code, 'MissingExtraParam');
  const ExtraParam = '[{"namespace":"team","authToken":"canary-token"},{"Namespace":"base"}]';
  const { body } = await ask('AddPrivateRegistry', { ...quay, ExtraParam });
  assert.equal(body.Data.RegistryType, 'quay');
  const stored = estate.registries[2];
  assert.deepEqual([stored?.kind, stored?.baseUrl, stored?.connectAddress], ['oci', 'https://harbor.example', null]);
  assert.deepEqual(stored?.include, ['team/**', 'base/**']);
  assert.doesNotMatch(JSON.stringify(estate.registries), /canary-token/);
  const extra = await ask('ListImageRegistryExtra', { RegistryId: '3' });
  assert.deepEqual(
    extra.body.ImageRegistryExtraInfos.map((row: { Namespace: string; AuthToken: string }) => [
      row.Namespace,
      row.AuthToken,
    ]),
    [
      ['team', '******'],
      ['base', '******'],
    ],
  );
  for (const wrong of ['[{"namespace":"../x"}]', '[{"namespace":1}]', '[{"namespace":"Team"}]', '[1]']) {
    const answer = await ask('AddPrivateRegistry', { ...quay, DomainName: 'b.example', ExtraParam: wrong });
    assert.equal(answer.body.Code, 'InvalidExtraParam', wrong);
  }
});

test('AddPrivateRegistry: what cannot be', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const wrong: [string, string][] = [
    ['DomainName', 'a.example/path'],
    ['DomainName', 'user@a.example'],
    ['DomainName', 'a.example:80'],
    ['DomainName', 'a b'],
    ['Port', '0'],
    ['Port', '65536'],
    ['NetType', '3'],
    ['ProtocolType', '0'],
    ['RegistryType', 'acr'],
    ['RegistryVersion', 'V3'],
    ['TransPerHour', '-1'],
  ];
  for (const [name, value] of wrong) {
    const { status, body } = await ask('AddPrivateRegistry', { ...wanted, [name]: value });
    assert.deepEqual([status, body.Code], [400, `Invalid${name}`], value);
  }
  assert.equal(estate.registries.length, 2);
});

test('refusals of the service name the parameter, never its reason', async (t) => {
  const { ask } = await alibabaWorld(t, {
    override: ({ services }) => ({
      registries: {
        ...services.registries,
        add: async () => {
          throw new ServiceError('address_denied', '169.254.169.254 is not allowed', { field: 'connectAddress' });
        },
      },
    }),
  });
  const { status, body } = await ask('AddPrivateRegistry', wanted);
  assert.deepEqual(
    [status, body.Code, body.Message],
    [400, 'InvalidRegistryHostIp', 'Specified parameter RegistryHostIp is not valid.'],
  );
});

test('PageImageRegistry and ListPrivateRegistryList: names, types, projects', async (t) => {
  const { ask } = await alibabaWorld(t);
  const ids = async (action: string, parameters = {}, key?: string): Promise<number[]> => {
    const { body } = await ask(action, parameters, key);
    return (body.List ?? body.ImageRegistryInfos).map((row: { Id: number }) => row.Id);
  };
  assert.deepEqual(await ids('PageImageRegistry'), [1, 2]);
  assert.deepEqual(await ids('PageImageRegistry', { 'RegistryTypeInList.1': 'quay' }), [2]);
  assert.deepEqual(await ids('PageImageRegistry', { RegistryTypeNotInList: '["quay","x"]' }), [1]);
  assert.deepEqual(await ids('PageImageRegistry', { RegistryNameLike: '-2' }), [2]);
  assert.deepEqual(await ids('PageImageRegistry', {}, bankKey), [2]);
  assert.deepEqual(await ids('ListPrivateRegistryList', { RegistryType: 'HARBOR' }), [1]);
  assert.deepEqual(await ids('ListPrivateRegistryList', { RegistryType: 'CI/CD' }), []);
  const { body } = await ask('ListPrivateRegistryType');
  assert.deepEqual(body.RegistryTypeInfos, [
    { RegistryType: 'acr', Count: 0 },
    { RegistryType: 'harbor', Count: 1 },
    { RegistryType: 'quay', Count: 1 },
    { RegistryType: 'CI/CD', Count: 0 },
  ]);
  const page = await ask('PageImageRegistry');
  assert.equal(page.body.List[0].GmtCreate, '2026-11-01 08:00:00');
  assert.equal(page.body.List[0].ImageCount, 4);
});

test('ModifyImageRegistry: changes what is given; credentials never follow to another server', async (t) => {
  const { ask, estate, passwords } = await alibabaWorld(t);
  const changed = await ask('ModifyImageRegistry', { Id: '1', UserName: 'other', Password: 'p2', TransPerHour: '9' });
  assert.equal(changed.status, 200);
  const { RequestId: _id, TimeCost, ...envelope } = changed.body;
  assert.deepEqual(envelope, { Code: '200', Message: 'successful', Success: true, HttpStatusCode: 200 });
  assert.equal(typeof TimeCost, 'number');
  assert.deepEqual(
    [estate.registries[0]?.username, estate.registries[0]?.scansPerHour, passwords.get(1)],
    ['other', 9, 'p2'],
  );
  const moved = await ask('ModifyImageRegistry', { Id: '1', DomainName: 'evil.example' });
  assert.deepEqual([moved.status, moved.body.Code], [400, 'MissingPassword']);
  await ask('ModifyImageRegistry', { Id: '1', Port: '8443', Password: 'p3' });
  assert.equal(estate.registries[0]?.baseUrl, 'https://registry-1.example:8443');
  for (const [parameters, key] of [
    [{ Id: '99', UserName: 'x' }, undefined],
    [{ Id: '1', UserName: 'x' }, bankKey],
  ] as const) {
    assert.equal((await ask('ModifyImageRegistry', parameters, key)).body.Code, 'InvalidId');
  }
  assert.equal((await ask('ModifyImageRegistry', { UserName: 'x' })).body.Code, 'MissingId');
});

test('DeletePrivateRegistry: says whether it was done; foreign and unknown are alike', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  assert.equal((await ask('DeletePrivateRegistry', { RegistryId: '1' }, bankKey)).body.Data, false);
  assert.equal((await ask('DeletePrivateRegistry', { RegistryId: '99' })).body.Data, false);
  assert.equal((await ask('DeletePrivateRegistry', { RegistryId: '1' })).body.Data, true);
  assert.equal(estate.registries.length, 1);
  assert.equal((await ask('DeletePrivateRegistry', { RegistryId: 'x' })).body.Code, 'InvalidRegistryId');
});
