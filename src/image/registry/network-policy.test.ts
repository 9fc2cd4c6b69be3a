import assert from 'node:assert/strict';
import type { lookup as dnsLookup } from 'node:dns';
import { test } from 'node:test';
import { hasCode } from '../../kernel/index.ts';
import { type AddressClass, classifyAddress, createNetworkPolicy, isLoopbackHost } from './network-policy.ts';

test('addresses are classified in every spelling', () => {
  const cases: [string, AddressClass][] = [
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['10.1.2.3', 'private'],
    ['172.31.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['fd12::1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.0.9', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['2002:7f00:1::', 'loopback'],
    ['169.254.1.1', 'link_local'],
    ['fe80::1%eth0', 'link_local'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['0.0.0.0', 'reserved'],
    ['::', 'reserved'],
    ['224.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['not an address', 'reserved'],
  ];
  for (const [address, want] of cases) assert.equal(classifyAddress(address), want, address);
});

test('loopback names are recognised without a lookup', () => {
  for (const host of ['localhost', 'localhost.', 'a.localhost', '127.0.0.1', '[::1]'])
    assert.ok(isLoopbackHost(host), host);
  for (const host of ['localhost.evil', '128.0.0.1', 'example.org']) assert.ok(!isLoopbackHost(host), host);
});

test('a registry on this machine may redirect to this machine, others may not', () => {
  const local = createNetworkPolicy('127.0.0.1');
  assert.doesNotThrow(() => local.check('localhost', '127.0.0.1'));
  const remote = createNetworkPolicy('registry.example');
  assert.doesNotThrow(() => remote.check('registry.example', '127.0.0.1'));
  assert.doesNotThrow(() => remote.check('storage.example', '10.0.0.1'));
  assert.throws(() => remote.check('storage.example', '127.0.0.1'), { code: 'address_denied' });
  assert.throws(() => remote.check('registry.example', '169.254.169.254'), { code: 'address_denied' });
});

test('configured ranges are exceptions', () => {
  const policy = createNetworkPolicy('registry.example', ['169.254.7.0/24', 'fd00:ec2::254']);
  assert.doesNotThrow(() => policy.check('registry.example', '169.254.7.9'));
  assert.doesNotThrow(() => policy.check('registry.example', 'fd00:ec2::254'));
  assert.throws(() => policy.check('registry.example', '169.254.8.9'), { code: 'address_denied' });
});

test('the resolver refuses a name as soon as one of its addresses is denied', async () => {
  const answers = [
    { address: '8.8.8.8', family: 4 },
    { address: '169.254.169.254', family: 4 },
  ];
  const resolve = ((_host: string, _options: object, callback: (error: null, found: object) => void) =>
    callback(null, answers)) as typeof dnsLookup;
  const policy = createNetworkPolicy('registry.example', [], resolve);
  const error = await new Promise((done) => policy.lookup('registry.example', { all: true }, done));
  assert.ok(hasCode(error, 'address_denied'));
  answers.pop();
  const found = await new Promise((done) => policy.lookup('registry.example', { all: true }, (_, list) => done(list)));
  assert.deepEqual(found, [{ address: '8.8.8.8', family: 4 }]);
  const one = await new Promise((done) => policy.lookup('registry.example', {}, (_, address) => done(address)));
  assert.equal(one, '8.8.8.8');
});
