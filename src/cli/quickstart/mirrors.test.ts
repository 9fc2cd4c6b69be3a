import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultRepositories } from '../../ecosystems/index.ts';
import { UsageError } from '../output/errors.ts';
import { chooseMirrors, withMirrors } from './mirrors.ts';

const apt = { debian: 'http://apt.example/debian', 'debian-security': 'http://apt.example/sec' };
const none = { archives: {}, sources: [] };

test('the mirror is that of the flag, the environment, apt, the configuration, in this order', () => {
  const env = { DRYDOCK_DEBIAN_MIRROR: 'http://env.example/debian/' };
  assert.deepEqual(chooseMirrors('https://flag.example/debian', env, apt, none), {
    debian: 'https://flag.example/debian',
    security: 'https://flag.example/debian-security',
    origin: '--mirror',
  });
  assert.equal(chooseMirrors(undefined, env, apt, none).debian, 'http://env.example/debian');
  const own = chooseMirrors(undefined, {}, apt, none);
  assert.deepEqual([own.debian, own.security], [apt.debian, apt['debian-security']]);
  const archives = { debian: [{ bundle: 'x', publicKey: 'y' }, { base: 'https://conf.example/debian' }] };
  const configured = chooseMirrors(undefined, {}, {}, { archives, sources: [] });
  assert.deepEqual([configured.origin, configured.debian], ['configuration', 'https://conf.example/debian']);
});

test('the security mirror can be named on its own', () => {
  const env = { DRYDOCK_DEBIAN_SECURITY_MIRROR: 'http://sec.example/s' };
  assert.equal(chooseMirrors('http://m.example/debian', env, {}, none).security, 'http://sec.example/s');
});

test('no mirror, or none that is a URL, is told with a way out', () => {
  assert.throws(() => chooseMirrors(undefined, {}, {}, none), UsageError);
  assert.throws(() => chooseMirrors('ftp://x.example/debian', {}, {}, none), UsageError);
  assert.throws(() => chooseMirrors('debian', {}, {}, none), UsageError);
});

test('the old image comes from the frozen main suite alone, its fix from all suites', () => {
  const mirrors = chooseMirrors('https://m.example/debian', {}, {}, none);
  const suitesOf = (mainOnly: boolean): readonly string[] =>
    withMirrors(defaultRepositories, mirrors, mainOnly)
      .sources.find(({ match }) => match.id === 'debian' && match.versionId === '11')
      ?.suites.map(({ suite }) => suite) ?? [];
  assert.deepEqual(suitesOf(true), ['bullseye']);
  assert.deepEqual(suitesOf(false), ['bullseye', 'bullseye-updates', 'bullseye-security']);
});
