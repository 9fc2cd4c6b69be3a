import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBaseUrl } from './base-url.ts';

test('addresses of registries come out in one spelling', () => {
  assert.deepEqual(parseBaseUrl('HTTPS://Registry.Example.com:5000/'), {
    baseUrl: 'https://registry.example.com:5000',
    scheme: 'https',
    host: 'registry.example.com:5000',
  });
  for (const url of ['http://10.0.0.1:5000', 'https://harbor', 'http://[::1]:5000', 'https://xn--hrbor-bua.example']) {
    assert.equal(parseBaseUrl(url).baseUrl, url);
  }
});

test('a host of one word gets its port, so that references with it mean a registry', () => {
  assert.deepEqual(parseBaseUrl('https://harbor'), { baseUrl: 'https://harbor', scheme: 'https', host: 'harbor:443' });
  assert.equal(parseBaseUrl('http://harbor').host, 'harbor:80');
});

test('disguised addresses, other protocols and parts that do not belong there are refused', () => {
  const bad = [
    'https://good@evil',
    'https://user:secret@registry.example',
    'https://0x7f.1',
    'https://127.1',
    'https://017700000001',
    'https://registry.example/path',
    'https://registry.example?x=1',
    'https://registry.example#x',
    'https://registry.example:22',
    'https://registry.example:0',
    'https://registry.example:99999',
    'https://regístry.example',
    'https://registry.example\r\nx: y',
    'https://registry .example',
    'ftp://registry.example',
    'registry.example',
    'https://',
    '',
  ];
  for (const url of bad) assert.throws(() => parseBaseUrl(url), { code: 'base_url_invalid' }, url);
});
