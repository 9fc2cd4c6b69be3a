import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseChallenges } from './challenge.ts';
import { RegistryError } from './errors.ts';
import { nextLink } from './pages.ts';
import { fallbackTag } from './referrers.ts';
import { parseRetryAfter, pause, withRetries } from './retry.ts';
import { trustedRealm } from './token-auth.ts';

const plain = (header: string | undefined) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

test('challenges are parsed in the forms that registries send', () => {
  assert.deepEqual(plain('Bearer realm="https://auth.example/token",service="r",scope="repository:a/b:pull,push"'), [
    ['bearer', { realm: 'https://auth.example/token', service: 'r', scope: 'repository:a/b:pull,push' }],
  ]);
  assert.deepEqual(plain('Basic realm="a \\"quoted\\" realm", Bearer realm="https://x/t" , service=plain'), [
    ['basic', { realm: 'a "quoted" realm' }],
    ['bearer', { realm: 'https://x/t', service: 'plain' }],
  ]);
  assert.deepEqual(plain('Negotiate, Basic realm=x'), [
    ['negotiate', {}],
    ['basic', { realm: 'x' }],
  ]);
  assert.deepEqual(plain(undefined), []);
  assert.deepEqual(plain('x'.repeat(10_000)), []);
});

test('malformed challenges end without harm', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('B', 'a', '=', '"', '\\', ',', ' '), maxLength: 200 }), (header) => {
      assert.ok(parseChallenges(header).length <= 8);
    }),
  );
});

test('the next page is found among other links', () => {
  assert.equal(nextLink('</v2/a/tags/list?last=b>; rel="next"'), '/v2/a/tags/list?last=b');
  assert.equal(nextLink('</x>; rel="prev", </y?a=1,2>; rel=next'), '/y?a=1,2');
  assert.equal(nextLink('</x>; rel="last"'), undefined);
  assert.equal(nextLink('<broken; rel="next"'), undefined);
  assert.equal(nextLink(undefined), undefined);
});

test('Retry-After is a number of seconds or a date', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  assert.equal(parseRetryAfter('5', now), 5000);
  assert.equal(parseRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now), 60_000);
  assert.equal(parseRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now), 0);
  assert.equal(parseRetryAfter('soon', now), undefined);
});

test('back-off grows, honours Retry-After within its cap, and gives up', async () => {
  const waits: number[] = [];
  const options = {
    limits: { attempts: 4, backoffMs: 100, maxBackoffMs: 1000 },
    sleep: async (ms: number) => void waits.push(ms),
    random: () => 0,
  };
  const signal = new AbortController().signal;
  const busy = (retryAfterMs?: number) => new RegistryError('rate_limited', 'busy', { retryable: true, retryAfterMs });
  await assert.rejects(
    withRetries(() => Promise.reject(busy()), options, signal),
    { code: 'rate_limited' },
  );
  assert.deepEqual(waits, [50, 100, 200]);
  waits.length = 0;
  await pause(busy(1e12), 1, options, signal);
  await pause(busy(700), 1, options, signal);
  assert.deepEqual(waits, [1000, 700]);
  await assert.rejects(pause(new RegistryError('denied', 'no'), 1, options, signal), { code: 'denied' });
});

test('a realm is trusted by origin, not by resemblance', () => {
  const own = new URL('https://registry.example:5000');
  const ok = [
    'https://registry.example:5000/token',
    'https://registry.example/token',
    'https://auth.registry.example/token',
    'https://sso.example/t',
  ];
  const settings = { trustedRealms: ['sso.example'] };
  for (const realm of ok) assert.equal(trustedRealm(realm, own, settings).href, realm);
  const bad = [
    undefined,
    'no url',
    'http://registry.example:5000/token',
    'https://registry.example:6000/token',
    'https://registry.example.evil/token',
    'https://evilregistry.example/token',
    'https://user@registry.example/token',
    'https://sso.example:444/t',
    'file:///etc/passwd',
    'https://example/token',
  ];
  for (const realm of bad) assert.throws(() => trustedRealm(realm, own, settings), { code: 'untrusted_realm' }, realm);
  assert.ok(trustedRealm('https://auth.docker.io/token', new URL('https://registry-1.docker.io'), {}));
});

test('the fallback tag is the digest with a dash, cut to the length of a tag', () => {
  assert.equal(fallbackTag(`sha256:${'a'.repeat(64)}`), `sha256-${'a'.repeat(64)}`);
  assert.equal(fallbackTag(`sha512:${'b'.repeat(128)}`), `sha512-${'b'.repeat(64)}`);
});
