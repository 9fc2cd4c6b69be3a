import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { cannotRunLoop, debianLayout } from '../support/cli-world.ts';
import { csvRows } from '../support/csv-table.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { drydock } from '../support/drydock.ts';
import { pageProblems } from '../support/html-page.ts';
import { validator } from '../support/json-schemas.ts';
import { junitProblems } from '../support/junit-rules.ts';

describe('commands over reports, with a real Debian image', { skip: cannotRunLoop() }, () => {
  let scratch: Awaited<ReturnType<typeof temporaryDirectory>>;
  let image: string;
  before(async () => {
    scratch = await temporaryDirectory();
    image = `oci:${await debianLayout(scratch.path)}:v1`;
  });
  after(async () => scratch[Symbol.asyncDispose]());
  const file = (name: string): string => join(scratch.path, name);
  const run = (...args: string[]) => drydock(args, { dataDirectory: file('data') });
  // biome-ignore lint/suspicious/noExplicitAny: tests read documents by their published form
  const json = async (name: string): Promise<any> => JSON.parse(await readFile(file(name), 'utf8'));

  test('one scan writes the new formats, each by its rules', async () => {
    const names = ['html', 'csv', 'junit', 'github', 'json'];
    const outputs = names.flatMap((name) => ['-o', `${name}=${file(`report.${name}`)}`]);
    const { code, stderr } = await run('scan', image, ...outputs);
    assert.deepEqual([code, stderr], [0, '']);
    const text = (name: string) => readFile(file(`report.${name}`), 'utf8');
    const report = await json('report.json');
    assert.ok(report.findings.length > 100);
    assert.deepEqual(pageProblems(await text('html')), []);
    assert.equal(csvRows(await text('csv')).length, report.findings.length + 1);
    assert.deepEqual(junitProblems(await text('junit')), []);
    assert.ok((await text('github')).trimEnd().split('\n').length <= 21);
  });

  for (const format of ['cyclonedx', 'spdx'] as const) {
    test(`the ${format} bill of materials gives the findings of the image again`, async () => {
      const { code, stderr } = await run('sbom', image, '-o', `${format}=${file('bom.json')}`);
      assert.deepEqual([code, stderr], [0, '']);
      assert.deepEqual(validator(format)(await json('bom.json')), []);
      const again = await run('scan', `sbom:${file('bom.json')}`, '-o', `json=${file('again.json')}`);
      assert.deepEqual([again.code, again.stderr], [0, '']);
      const [report, second] = [await json('report.json'), await json('again.json')];
      assert.deepEqual(validator('report')(second), []);
      const essence = ({ findings }: typeof report) =>
        findings.map((finding: Record<string, unknown>) => [
          finding.id,
          finding.package,
          finding.state,
          finding.fixedVersion,
        ]);
      assert.deepEqual(essence(second), essence(report));
      assert.deepEqual(second.counts, report.counts);
      assert.equal(second.image.digest, report.image.digest);
    });
  }

  test('a bill of materials needs no advisories', async () => {
    const broken = file('broken-data');
    await mkdir(join(broken, 'advisories'), { recursive: true });
    await writeFile(join(broken, 'advisories', 'current'), 'nonsense');
    const { code, stdout } = await drydock(['sbom', image], { dataDirectory: broken });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).bomFormat, 'CycloneDX');
  });

  test('diff tells that an image is the same as its saved report, and what a removed package changes', async () => {
    const same = await run('diff', `report:${file('report.json')}`, image, '--json', '--fail-on', 'low');
    assert.equal(same.code, 0, same.stderr);
    const nothing = JSON.parse(same.stdout);
    assert.deepEqual(validator('diff')(nothing), []);
    assert.deepEqual([nothing.findings.introduced, nothing.findings.fixed], [[], []]);
    assert.ok(nothing.packages.unchanged > 50);
    const report = await json('report.json');
    const lost = report.findings.find(({ state }: { state: string }) => state === 'fixed');
    const less = {
      ...report,
      packages: report.packages.filter(({ purl }: { purl: string }) => purl !== lost.package),
      findings: report.findings.filter((finding: { package: string }) => finding.package !== lost.package),
    };
    await writeFile(file('less.json'), JSON.stringify(less));
    const more = await run('diff', `report:${file('less.json')}`, image, '--fail-on', 'unknown');
    assert.equal(more.code, 3, more.stderr);
    assert.match(more.stdout, /Packages: 1 added, 0 removed, 0 changed/);
    const back = await run('diff', image, `report:${file('less.json')}`, '--fail-on', 'unknown');
    assert.equal(back.code, 0);
    assert.match(back.stdout, /^Fixed$/m);
  });

  test('a baseline lets only new findings fail', async () => {
    const known = await run('scan', image, '--fail-on', 'unknown', '--baseline', file('report.json'));
    assert.equal(known.code, 0, known.stderr);
    assert.match(known.stdout, /known findings left out above, 0 new/);
    const fresh = await run('scan', image, '--fail-on', 'unknown', '--baseline', file('less.json'));
    assert.equal(fresh.code, 3);
  });

  test('a gate passes and fails by its policy', async () => {
    await writeFile(file('open.yaml'), 'version: 1\nscan: any\nvulnerabilities: [{ severity: critical, max: 100000 }]');
    await writeFile(file('strict.yaml'), 'version: 1\npackages: { deny: [{ purl: "pkg:deb/debian/dpkg" }] }');
    await writeFile(file('wrong.yaml'), 'version: 1\nrules: []');
    assert.equal((await run('gate', '--policy', file('open.yaml'), image)).code, 0);
    const failed = await run('gate', '--policy', file('strict.yaml'), `report:${file('report.json')}`, '--json');
    assert.equal(failed.code, 3, failed.stderr);
    const verdict = JSON.parse(failed.stdout);
    assert.deepEqual(validator('gate')(verdict), []);
    assert.match(verdict.rules.find(({ passed }: { passed: boolean }) => !passed).evidence[0].text, /^dpkg /);
    const wrong = await run('gate', '--policy', file('wrong.yaml'), image);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Unrecognized key: "rules"/);
    assert.equal((await run('gate', image)).code, 2);
  });
});
