import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { configuredProxies, environmentProxies, noProxies } from './proxies.ts';

const both = { HTTPS_PROXY: 'http://secure.test:1', HTTP_PROXY: 'http://plain.test:2' };
const chosen = (env: Record<string, string>, url: string): string | undefined =>
  environmentProxies(env).proxyFor(new URL(url))?.host;

test('the scheme of the server chooses the variable, the lower-case spelling wins', () => {
  assert.equal(chosen(both, 'https://a.test'), 'secure.test:1');
  assert.equal(chosen(both, 'http://a.test'), 'plain.test:2');
  assert.equal(chosen({ HTTPS_PROXY: 'http://x.test' }, 'http://a.test'), undefined);
  assert.equal(chosen({ ...both, https_proxy: 'low.test:3' }, 'https://a.test'), 'low.test:3');
  assert.equal(chosen({}, 'https://a.test'), undefined);
  assert.equal(chosen({ HTTPS_PROXY: '' }, 'https://a.test'), undefined);
});

test('this machine is never reached through a proxy', () => {
  const fixed = configuredProxies('http://proxy.test', noProxies);
  for (const url of ['http://localhost/', 'http://127.1/', 'https://[::1]/', 'http://a.localhost.:5000/']) {
    assert.equal(chosen(both, url), undefined, url);
    assert.equal(fixed.proxyFor(new URL(url)), undefined, url);
  }
});

test('NO_PROXY names hosts, domains, ports, addresses and ranges', () => {
  const rows: [string, string, boolean][] = [
    ['*', 'https://a.test', true],
    ['a.test', 'https://a.test', true],
    ['A.Test.', 'https://a.test', true],
    ['a.test', 'https://b.a.test', true],
    ['.a.test', 'https://b.a.test', true],
    ['*.a.test', 'https://b.a.test', true],
    ['a.test', 'https://ba.test', false],
    ['a.test', 'https://a.test.evil', false],
    ['x.test, a.test', 'https://a.test', true],
    ['x.test a.test', 'https://a.test', true],
    ['a.test:443', 'https://a.test', true],
    ['a.test:443', 'https://a.test:5000', false],
    ['a.test:5000', 'https://a.test:5000', true],
    ['10.0.0.0/8', 'https://10.2.3.4', true],
    ['10.0.0.0/8', 'https://11.2.3.4', false],
    ['10.0.0.0/99', 'https://10.2.3.4', false],
    ['10.2.3.4', 'https://10.2.3.4', true],
    ['2.3.4', 'https://1.2.3.4', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['fd12::1', 'https://[fd12::1]', true],
    ['[fd12::1]:5000', 'https://[fd12::1]:5000', true],
    ['', 'https://a.test', false],
    [' , ,', 'https://a.test', false],
  ];
  for (const [exceptions, url, direct] of rows) {
    assert.equal(chosen({ ...both, NO_PROXY: exceptions }, url) === undefined, direct, `${exceptions} for ${url}`);
  }
  assert.equal(chosen({ ...both, no_proxy: 'a.test', NO_PROXY: 'b.test' }, 'https://b.test'), 'secure.test:1');
});

test('a setting wins over the environment', () => {
  const environment = environmentProxies({ ...both, NO_PROXY: '*' });
  const url = new URL('https://a.test');
  assert.equal(configuredProxies('https://own.test:8', environment).proxyFor(url)?.href, 'https://own.test:8/');
  assert.equal(configuredProxies('direct', environmentProxies(both)).proxyFor(url), undefined);
  assert.equal(configuredProxies(undefined, environment), environment);
});

test('what is no http proxy is refused when it is needed, without repeating its password', () => {
  for (const text of ['socks5://user:secret@proxy.test', 'http://user:secret@:x', '://secret']) {
    const rules = environmentProxies({ HTTPS_PROXY: text });
    assert.equal(rules.proxyFor(new URL('http://a.test')), undefined, 'not needed');
    assert.throws(
      () => rules.proxyFor(new URL('https://a.test')),
      (error: { code?: string }) => error.code === 'proxy_invalid' && !inspect(error).includes('secret'),
      text,
    );
  }
});
