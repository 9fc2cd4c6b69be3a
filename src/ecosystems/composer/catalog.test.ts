import assert from 'node:assert/strict';
import { test } from 'node:test';
import { briefs, catalogOf, codes } from '../../../test/support/catalog.ts';
import { composerCataloger, composerLockCataloger } from './catalog.ts';
import { composerVersions } from './versions.ts';

const path = 'app/vendor/composer/installed.json';
const json = JSON.stringify;

test('Composer 2: packages, development packages, branches', async () => {
  const packages = await briefs(composerCataloger, {
    [path]: json({
      packages: [
        { name: 'Symfony/HTTP-Kernel', version: 'v4.4.12', version_normalized: '4.4.12.0', type: 'library' },
        { name: 'phpunit/phpunit', version: '9.5.0', type: 'library' },
        { name: 'own/branch', version: 'dev-main', type: 'library' },
        { name: 'symfony/pack', version: 'v1.0.0', type: 'metapackage' },
      ],
      dev: true,
      'dev-package-names': ['phpunit/phpunit'],
    }),
  });
  assert.deepEqual(packages, [
    `pkg:composer/symfony/http-kernel@4.4.12 ${path}`,
    `pkg:composer/phpunit/phpunit@9.5.0 dev ${path}`,
    `pkg:composer/own/branch@dev-main ${path}`,
  ]);
  assert.equal(composerVersions.valid('dev-main'), false);
});

test('Composer 1: a list', async () => {
  assert.deepEqual(await briefs(composerCataloger, { [path]: json([{ name: 'a/b', version: '1.0' }]) }), [
    `pkg:composer/a/b@1.0 ${path}`,
  ]);
});

test('what is no record, and packages with invalid names', async () => {
  const result = await catalogOf(composerCataloger, [
    {
      [path]: json([{ name: 'a', version: '1' }, { name: 'a/b', version: '' }, { name: 'a/b/c', version: '1' }, 7, {}]),
      'x/composer/installed.json': json({ some: 'thing' }),
      'y/composer/installed.json': '{"packages":',
    },
  ]);
  assert.deepEqual(result.packages, []);
  assert.deepEqual(
    codes(result),
    Array.from({ length: 5 }, () => 'package_invalid_metadata!'),
  );
});

test('lock files', async () => {
  const lock = json({
    packages: [{ name: 'a/b', version: 'v1.2.3' }],
    'packages-dev': [{ name: 'c/d', version: '2' }],
  });
  assert.deepEqual(await briefs(composerLockCataloger, { 'composer.lock': lock }), [
    'pkg:composer/a/b@1.2.3 declared composer.lock',
    'pkg:composer/c/d@2 dev composer.lock',
  ]);
});

test('versions: what is none, and orders that others get wrong', () => {
  for (const bad of ['', 'dev-main', '1.x-dev', 'master', '1.2.3.4.5', 'a1', '1.0foo', '1.0+', '1'.repeat(300)]) {
    assert.equal(composerVersions.valid(bad), false, bad);
  }
  const rising = ['1.0-dev', '1.0-alpha1', '1.0-beta2', '1.0-RC1', '1.0', '1.0-p1', '1.0.1', '1.10', '2010-01-02'];
  rising.forEach((a, i) => {
    for (const [j, b] of rising.entries()) {
      assert.equal(Math.sign(composerVersions.compare(a, b)), Math.sign(i - j), `${a} ${b}`);
    }
  });
  assert.equal(composerVersions.compare('v1.0', '1.0.0.0'), 0);
});
