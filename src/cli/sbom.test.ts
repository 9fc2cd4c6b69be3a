import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validator } from '../../test/support/json-schemas.ts';
import { runReportCommand } from '../../test/support/report-cli.ts';
import { registerSbom } from './sbom.ts';
import { registerScan } from './scan.ts';

const sbom = (...args: string[]) => runReportCommand(registerSbom, ['sbom', ...args]);

test('sbom lists packages and says nothing of vulnerabilities', async () => {
  const { code, out, err } = await sbom('old');
  assert.deepEqual([code, err], [0, '']);
  const bom = JSON.parse(out);
  assert.deepEqual(validator('cyclonedx')(bom), []);
  assert.equal(bom.vulnerabilities, undefined);
  assert.doesNotMatch(out, /advisor/i);
  assert.deepEqual(
    bom.components.map(({ name, version }: { name: string; version?: string }) => `${name} ${version}`),
    ['debian 12', 'app 1'],
  );
  const spdx = await sbom('old', '-o', 'spdx=x.json');
  assert.equal(spdx.out, '');
  const document = JSON.parse(spdx.files.get('x.json') ?? '');
  assert.deepEqual(validator('spdx')(document), []);
  assert.doesNotMatch(JSON.stringify(document), /advisories/);
  assert.equal((await sbom('old', '-o', 'table')).code, 2);
});

for (const format of ['cyclonedx', 'spdx']) {
  test(`an image and its bill of materials in ${format} have the same findings`, async () => {
    const inputs = new Map([['bom.json', (await sbom('old', '-o', format)).out]]);
    const scan = async (reference: string) => {
      const { code, out, err } = await runReportCommand(registerScan, ['scan', reference, '--json'], inputs);
      assert.equal(code, 0, err);
      return JSON.parse(out);
    };
    const [image, file] = [await scan('old'), await scan('sbom:bom.json')];
    assert.deepEqual(validator('report')(file), []);
    const essence = (report: typeof image) =>
      report.findings.map((finding: typeof image) => [
        finding.id,
        finding.package,
        finding.fixedVersion,
        finding.state,
      ]);
    assert.deepEqual(essence(file), essence(image));
    assert.equal(file.image.digest, image.image.digest);
    assert.equal(file.image.reference, 'old');
    assert.deepEqual([file.image.os.id, file.image.os.versionId], ['debian', '12']);
    assert.deepEqual(file.image.layers, []);
    assert.equal(file.scan.state, 'complete');
    const purls = (report: typeof image) => report.packages.map(({ purl, source }: typeof image) => [purl, source]);
    assert.deepEqual(purls(file), purls(image));
  });
}

test('a file that is no bill of materials is refused, one without packages is never clean', async () => {
  const inputs = new Map<string, string | Uint8Array>([
    ['text', 'hello'],
    ['other.json', '{"bomFormat":"Other"}'],
    ['binary', new Uint8Array([0, 255, 1])],
    ['none.json', '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[]}'],
  ]);
  for (const name of ['text', 'other.json', 'binary']) {
    const { code, out, err } = await runReportCommand(registerScan, ['scan', `sbom:${name}`], inputs);
    assert.deepEqual([code, out], [1, ''], name);
    assert.match(err, /cannot be read.*\n[\s\S]*→ Give CycloneDX or SPDX/);
  }
  const none = await runReportCommand(registerScan, ['scan', 'sbom:none.json', '--fail-on', 'critical'], inputs);
  assert.equal(none.code, 4);
  assert.match(none.out, /NOT SUPPORTED/);
  const own = JSON.parse((await runReportCommand(registerScan, ['scan', 'sbom:none.json', '--json'], inputs)).out);
  assert.equal(own.image.reference, 'sbom:none.json');
  assert.match(own.image.digest, /^sha256:/);
});
