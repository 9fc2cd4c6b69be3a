import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AddressClass, classifyAddress, isLoopbackHost } from './addresses.ts';

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
