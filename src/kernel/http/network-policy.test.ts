import assert from 'node:assert/strict';
import type { lookup as dnsLookup } from 'node:dns';
import { test } from 'node:test';
import { hasCode } from '../errors.ts';
import { createNetworkPolicy } from './network-policy.ts';

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

test('a remote host is never this machine, unless its network is listed', () => {
  const strict = createNetworkPolicy('127.0.0.1', [], undefined, { remote: true });
  assert.throws(() => strict.check('127.0.0.1', '127.0.0.1'), { code: 'address_denied' });
  assert.throws(() => strict.check('localhost', '::1'), { code: 'address_denied' });
  assert.throws(() => strict.check('127.0.0.1', '::ffff:127.0.0.1'), { code: 'address_denied' });
  assert.doesNotThrow(() => strict.check('registry.example', '10.0.0.1'));
  const listed = createNetworkPolicy('127.0.0.1', ['127.0.0.0/8'], undefined, { remote: true });
  assert.doesNotThrow(() => listed.check('127.0.0.1', '127.0.0.1'));
  assert.throws(() => listed.check('localhost', '::1'), { code: 'address_denied' });
});

test('a given address takes the place of the name of the own host only, and is checked like a resolved one', async () => {
  const resolve = ((_host: string, _options: object, callback: (error: null, found: object) => void) =>
    callback(null, [{ address: '8.8.8.8', family: 4 }])) as typeof dnsLookup;
  const policy = createNetworkPolicy('registry.example', [], resolve, { remote: true, address: '10.9.8.7' });
  const find = (host: string): Promise<unknown> =>
    new Promise((done) => policy.lookup(host, {}, (_, found) => done(found)));
  assert.equal(await find('registry.example'), '10.9.8.7');
  assert.equal(await find('other.example'), '8.8.8.8');
  const bad = createNetworkPolicy('registry.example', [], resolve, { remote: true, address: '169.254.169.254' });
  const error = await new Promise((done) => bad.lookup('registry.example', {}, done));
  assert.ok(hasCode(error, 'address_denied'));
});
