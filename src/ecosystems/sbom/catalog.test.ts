import assert from 'node:assert/strict';
import { test } from 'node:test';
import { briefs, catalogOf, codes } from '../../../test/support/catalog.ts';
import { sbomCataloger } from './catalog.ts';

const bom = (...purls: string[]) =>
  JSON.stringify({ bomFormat: 'CycloneDX', components: purls.map((purl) => ({ type: 'library', name: 'x', purl })) });
const deb = 'pkg:deb/debian/a@1?arch=amd64&distro=debian-12&upstream=b';

test('packages of documents in the image are declared, application packages without where a copy came from', async () => {
  const spdx = JSON.stringify({
    spdxVersion: 'SPDX-2.3',
    packages: [{ name: 'c', externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:npm/c@1' }] }],
  });
  assert.deepEqual(
    await briefs(sbomCataloger, {
      'app/x.cdx.json': bom('pkg:npm/a@1?repository_url=https%3A%2F%2Fexample.org#lib', deb),
      'bom.json': bom('pkg:npm/b@1'),
      'usr/local/share/sbom/x.json': spdx,
      'usr/share/doc/x.spdx': 'SPDXVersion: SPDX-2.3',
      'app/other.json': bom('pkg:npm/not-looked-at@1'),
    }),
    [
      'pkg:npm/a@1 declared medium app/x.cdx.json',
      `${deb} declared medium app/x.cdx.json`,
      'pkg:npm/b@1 declared medium bom.json',
      'pkg:npm/c@1 declared medium usr/local/share/sbom/x.json',
    ],
  );
});

test('a document that is none is told only where the name says that it is one', async () => {
  const result = await catalogOf(sbomCataloger, [{ 'bom.json': '{', 'a.cdx.json': '{', 'b.spdx.json': '{}' }]);
  assert.deepEqual([result.packages, codes(result)], [[], ['package_invalid_metadata!', 'package_invalid_metadata!']]);
});

test('a document that a later layer deletes is gone', async () => {
  const packages = await briefs(sbomCataloger, { 'a.cdx.json': bom('pkg:npm/a@1') }, { 'a.cdx.json': null });
  assert.deepEqual(packages, ['pkg:npm/a@1 removed medium a.cdx.json']);
});
