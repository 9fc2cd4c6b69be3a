import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeAdvisories } from '../../test/support/fake-advisories.ts';
import { handleOf } from '../../test/support/image-handle.ts';
import { buildTestImage, tar } from '../../test/support/test-image.ts';
import { ecosystems } from '../ecosystems/index.ts';
import { type ScanReport, vulnerabilitiesIn } from '../findings/index.ts';
import { fixedClock, noProgress } from '../kernel/index.ts';
import { noCache } from './no-cache.ts';
import { type ScanInput, scanImage } from './scan-image.ts';

const advisories = fakeAdvisories([{ id: 'CVE-2026-0001', ecosystem: 'RubyGems', source: 'rack', fixed: '2.2.3' }]);

const gemspec = 'Gem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.version = "2.2.2"\nend\n';
const specification = 'usr/lib/ruby/gems/3.1.0/specifications/rack-2.2.2.gemspec';
const bom = JSON.stringify({
  bomFormat: 'CycloneDX',
  components: ['pkg:gem/rack@2.2.2?platform=ruby', 'pkg:gem/rack@2.0.0', 'pkg:deb/debian/a@1?arch=amd64'].map(
    (purl) => ({
      type: 'library',
      name: 'x',
      purl,
    }),
  ),
});

function scan(files: Readonly<Record<string, string>>, more: Partial<ScanInput> = {}): Promise<ScanReport> {
  return scanImage({
    image: handleOf(buildTestImage([tar(files)])),
    index: advisories,
    ecosystems,
    cache: noCache,
    clock: fixedClock('2026-01-02T03:04:05Z'),
    signal: new AbortController().signal,
    progress: noProgress,
    toolVersion: '1.2.3',
    ...more,
  });
}

const packagesOf = ({ packages }: ScanReport) =>
  packages.map(({ purl, scope, confidence, locations }) => [purl, scope, confidence, locations.length]);
const findingsOf = (report: ScanReport) => vulnerabilitiesIn(report).map((finding) => finding.package);

test('what an SBOM in the image names is listed and neither hides nor doubles what is installed', async () => {
  const files = { [specification]: gemspec, 'app/x.cdx.json': bom };
  const report = await scan(files);
  assert.deepEqual(packagesOf(report), [
    ['pkg:deb/debian/a@1?arch=amd64', 'declared', 'medium', 1],
    ['pkg:gem/rack@2.0.0', 'declared', 'medium', 1],
    ['pkg:gem/rack@2.2.2', 'installed', 'high', 1],
  ]);
  assert.deepEqual(findingsOf(report), ['pkg:gem/rack@2.2.2']);
  const asked = await scan(files, { include: ['installed', 'declared'] });
  assert.deepEqual(findingsOf(asked), ['pkg:gem/rack@2.0.0', 'pkg:gem/rack@2.2.2']);
});

test('an image that only an SBOM describes was not judged', async () => {
  const report = await scan({ 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n', 'app/x.cdx.json': bom });
  assert.equal(report.scan.state, 'unsupported');
  assert.ok(report.diagnostics.some(({ code, partial }) => code === 'no_package_database' && partial));
  assert.equal(report.checks.notApplicable.length, 1);
});

test('Bitnami: the component speaks for its program, not for gems in its folder', async () => {
  const list = JSON.stringify({ ruby: { arch: 'amd64', distro: 'debian-12', version: '3.1.0-1' } });
  const home = 'opt/bitnami/ruby/lib/ruby/gems/3.1.0/specifications/rack-2.2.2.gemspec';
  const index = fakeAdvisories([
    { id: 'CVE-2026-0001', ecosystem: 'RubyGems', source: 'rack', fixed: '2.2.3' },
    { id: 'CVE-2026-0002', ecosystem: 'Bitnami', source: 'ruby', fixed: '3.1.1' },
    { id: 'CVE-2026-0003', ecosystem: 'Bitnami', source: 'ruby', fixed: '3.1.0' },
  ]);
  const report = await scan({ 'opt/bitnami/.bitnami_components.json': list, [home]: gemspec }, { index });
  assert.deepEqual(
    vulnerabilitiesIn(report).map((finding) => [finding.id, finding.package]),
    [
      ['CVE-2026-0002', 'pkg:bitnami/ruby@3.1.0-1?arch=amd64&distro=debian-12'],
      ['CVE-2026-0001', 'pkg:gem/rack@2.2.2'],
    ],
  );
});
