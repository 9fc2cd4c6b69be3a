import assert from 'node:assert/strict';
import { test } from 'node:test';
import { briefs } from '../../../test/support/catalog.ts';
import { cran } from './index.ts';
import { rVersions } from './versions.ts';

const [cataloger] = cran.catalogers;
const description = (name: string, more = '') =>
  `Package: ${name}\nTitle: Some\n  Package: other\nVersion: 1.2-3\n${more}Built: R 4.2.2; ; 2024-01-01; unix\n`;

test('installed packages of CRAN and Bioconductor; sources and packages of R itself are none', async () => {
  assert.ok(cataloger);
  const library = 'usr/local/lib/R/site-library';
  assert.deepEqual(
    await briefs(cataloger, {
      [`${library}/jsonlite/DESCRIPTION`]: description('jsonlite', 'Repository: CRAN\n'),
      [`${library}/limma/DESCRIPTION`]: description('limma', 'biocViews: Software\n'),
      [`${library}/stats/DESCRIPTION`]: description('stats', 'Priority: base\n'),
      'src/own/DESCRIPTION': 'Package: own\nVersion: 1\n',
      'src/other/DESCRIPTION': 'some text',
    }),
    [
      `pkg:cran/jsonlite@1.2-3 ${library}/jsonlite/DESCRIPTION`,
      `pkg:bioconductor/limma@1.2-3 ${library}/limma/DESCRIPTION`,
    ],
  );
});

test('versions rise as package_version says', () => {
  const rising = ['0.9', '1', '1.0', '1.0-1', '1.0.2', '1.0-10', '1.2', '1.10', '2'];
  rising.forEach((a, i) => {
    for (const [j, b] of rising.entries())
      assert.equal(Math.sign(rVersions.compare(a, b)), Math.sign(i - j), `${a} ${b}`);
  });
  assert.equal(rVersions.compare('1.02-3', '1-2.3'), 0);
  for (const bad of ['', 'a', '1.', '1..2', '1_2', '1.0a']) assert.equal(rVersions.valid(bad), false, bad);
});
