import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief, briefs, catalogOf, codes } from '../../../test/support/catalog.ts';
import { bitnamiCataloger } from './catalog.ts';
import { bitnami, withoutRevision } from './index.ts';

const list = 'opt/bitnami/.bitnami_components.json';
const redis = { arch: 'amd64', distro: 'debian-12', type: 'NAMI', version: '7.0.5-3' };
const purl = 'pkg:bitnami/redis@7.0.5-3?arch=amd64&distro=debian-12';
const document = JSON.stringify({
  spdxVersion: 'SPDX-2.3',
  packages: [
    { name: 'redis', externalRefs: [{ referenceType: 'purl', referenceLocator: purl }] },
    { name: 'lua', externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:generic/lua@5.1' }] },
  ],
});

test('components by the list and by their own documents are the same packages', async () => {
  assert.deepEqual(
    await briefs(bitnamiCataloger, {
      [list]: JSON.stringify({ redis }),
      'opt/bitnami/redis/.spdx-redis.spdx': document,
      'opt/other/.spdx-redis.spdx': document,
    }),
    [`${purl} ${list}`, `${purl} opt/bitnami/redis/.spdx-redis.spdx`],
  );
});

test('a component speaks for programs in its folder, not for libraries of other worlds', async () => {
  const { owners } = await catalogOf(bitnamiCataloger, [{ [list]: JSON.stringify({ redis }) }]);
  assert.equal(owners?.ownerOf('opt/bitnami/redis/bin/redis-server', 'generic'), purl);
  assert.equal(owners?.ownerOf('opt/bitnami/redis/node_modules/a/package.json', 'npm'), undefined);
  assert.equal(owners?.ownerOf('opt/bitnami/redis/bin/redis-server'), undefined);
  assert.equal(owners?.ownerOf('opt/bitnami/redis-cluster/bin/x', 'generic'), undefined);
  assert.equal(owners?.ownerOf('opt/bitnami/redis', 'generic'), undefined);
  assert.equal(owners?.ownerOf('usr/bin/redis-server', 'generic'), undefined);
});

test('the revision of a build is not compared', async () => {
  const { packages } = await catalogOf(bitnamiCataloger, [{ [list]: JSON.stringify({ redis }) }]);
  assert.deepEqual(
    packages.flatMap((pkg) => bitnami.advisoryKeys(pkg, undefined)),
    [{ ecosystem: 'Bitnami', on: 'binary', name: 'redis', version: '7.0.5' }],
  );
  assert.equal(withoutRevision('1.2.3-rc.1-10'), '1.2.3-rc.1');
  assert.equal(withoutRevision('1.2.3'), '1.2.3');
});

test('what is no list, and components with invalid names', async () => {
  const files = (text: string) => [{ [list]: text }];
  const odd = JSON.stringify({ 'a b': redis, b: { version: '' }, c: 7, ok: { version: '1-0' } });
  const result = await catalogOf(bitnamiCataloger, files(odd));
  assert.deepEqual(result.packages.map(brief), [`pkg:bitnami/ok@1-0 ${list}`]);
  assert.deepEqual(codes(result), ['package_invalid_metadata!', 'package_invalid_metadata!']);
  for (const text of ['', '[]', '7']) {
    assert.deepEqual(codes(await catalogOf(bitnamiCataloger, files(text))), ['package_invalid_metadata!']);
  }
});
