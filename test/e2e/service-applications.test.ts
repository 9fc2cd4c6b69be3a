import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { tar } from '../support/test-image.ts';
import { createToyEstate, type ToyEstate, toyLayers, toyRobot } from '../support/toy-estate.ts';
import { writeOsvArchive } from '../support/zip-archive.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document of the API
type Json = any;

/** Vulnerabilities of an application package, as the public feed of npm has them. */
const advisories = [
  { id: 'GHSA-aaaa-bbbb-cccc', aliases: ['CVE-2021-0001'], fixed: '4.17.21' },
  { id: 'GHSA-dddd-eeee-ffff', aliases: ['CVE-2021-0002'], fixed: '4.17.12' },
];

describe('application packages in the service', { timeout: 300_000 }, () => {
  let estate: ToyEstate;
  let base: string;

  before(async () => {
    estate = await createToyEstate();
    const packageJson = (name: string, version: string) => JSON.stringify({ name, version });
    const application = tar({
      'app/node_modules/lodash/package.json': packageJson('lodash', '4.17.20'),
      'app/node_modules/lodash/test/fixture/package.json': packageJson('lodash', '4.17.0'),
      'app/package.json': packageJson('web', '1.0.0'),
    });
    estate.registry.pushTestImage('team/web', 'v1', [...toyLayers(), application]);
    base = estate.registry.repository('team/app').tags.get('v1') ?? '';
    mkdirSync(join(estate.directory, 'osv/npm'), { recursive: true });
    writeOsvArchive(
      join(estate.directory, 'osv/npm/all.zip'),
      advisories.map(({ id, aliases, fixed }) => ({
        ...{
          id,
          aliases,
          modified: '2026-01-01T00:00:00Z',
          summary: 'made up',
          database_specific: { severity: 'HIGH' },
        },
        affected: [
          {
            package: { ecosystem: 'npm', name: 'lodash' },
            ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
          },
        ],
      })),
    );
    const update = await estate.run(['db', 'update', '--from', join(estate.directory, 'osv'), '-q']);
    assert.equal(update.code, 0, update.stderr);
    const credentials = ['--username', toyRobot.user, '--password-file', estate.passwordFile];
    await estate.json(['registry', 'add', 'toys', estate.registry.url, '--insecure', ...credentials]);
    await estate.json(['registry', 'sync', 'toys']);
  });
  after(() => estate?.[Symbol.asyncDispose]());

  const images = async (): Promise<Json[]> => (await estate.json(['image', 'ls'])).items;
  const web = async (): Promise<Json> => (await images()).find(({ reference }) => reference.includes('team/web'));

  test('counts and lists tell them apart from packages of the system', async () => {
    const image = await web();
    assert.deepEqual([image.counts.cve.total, image.counts.sca.total, image.counts.sca.high], [3, 1, 1]);
    const { items } = await estate.json(['package', 'affected', 'lodash']);
    assert.deepEqual(
      items.map(({ reference }: Json) => reference),
      [image.reference],
    );
    const found = await estate.json(['vuln', 'get', 'CVE-2021-0001']);
    assert.deepEqual([found.fixable, found.kind ?? 'sca'], [true, 'sca']);
    assert.equal((await estate.run(['vuln', 'get', 'CVE-2021-0002'])).code, 7, 'fixed before this version');
  });

  test('a VEX document about the package in this image takes effect at once, its next version as well', async () => {
    const image = await web();
    const file = join(estate.directory, 'web.openvex.json');
    const write = (statements: object[]) =>
      writeFile(
        file,
        JSON.stringify({
          ...{ '@context': 'https://openvex.dev/ns/v0.2.0', '@id': 'https://example.test/web', author: 'Team' },
          ...{ timestamp: '2026-01-01T00:00:00Z', version: 1, statements },
        }),
      );
    const product = {
      '@id': `pkg:oci/web@${encodeURIComponent(image.digest)}`,
      subcomponents: [{ '@id': 'pkg:npm/lodash' }],
    };
    await write([
      {
        ...{ vulnerability: { name: 'CVE-2021-0001' }, products: [product], status: 'not_affected' },
        justification: 'vulnerable_code_not_in_execute_path',
      },
    ]);
    const told = await estate.run(['ignore', 'import', file]);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /1 decisions in force/);
    assert.deepEqual([(await web()).counts.sca.total, (await web()).counts.cve.total], [0, 3]);
    await write([{ vulnerability: { name: 'CVE-2021-0001' }, products: [product], status: 'affected' }]);
    assert.equal((await estate.run(['ignore', 'import', file])).code, 0);
    assert.equal((await web()).counts.sca.total, 1);
    await writeFile(file, '{}');
    const refused = await estate.run(['ignore', 'import', file]);
    assert.deepEqual([refused.code, /no VEX document/.test(refused.stderr)], [2, true], refused.stderr);
  });

  test('the image below is recognised by its layers', async () => {
    const { reference } = await web();
    // Once more: at its first scan the lower image may not have been known yet.
    await estate.json(['image', 'scan', reference]);
    const report = await estate.json(['image', 'report', reference]);
    assert.deepEqual(report.image.base, { method: 'layers', layers: 1, digest: base });
    assert.deepEqual(
      report.image.layers.map((layer: Json) => layer.base),
      [true, false],
    );
    const [lodash] = report.packages.filter(({ type }: Json) => type === 'npm');
    assert.deepEqual(
      [lodash.purl, lodash.scope, lodash.locations[0].path],
      ['pkg:npm/lodash@4.17.20', 'installed', 'app/node_modules/lodash/package.json'],
    );
  });
});
