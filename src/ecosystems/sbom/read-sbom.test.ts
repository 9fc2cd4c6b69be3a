import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SbomComponent } from './contract.ts';
import { readSbom } from './read-sbom.ts';

const read = (value: unknown) => readSbom(Buffer.from(JSON.stringify(value)));
const cycloneDx = (components: readonly object[], more: object = {}) =>
  read({ bomFormat: 'CycloneDX', specVersion: '1.6', components, ...more });
const properties = (values: Readonly<Record<string, string>>) => ({
  properties: Object.entries(values).map(([name, value]) => ({ name, value })),
});
const spdx = (packages: readonly object[]) => read({ spdxVersion: 'SPDX-2.3', packages });
const purlRef = (purl: string) => ({
  externalRefs: [{ referenceCategory: 'PACKAGE_MANAGER', referenceType: 'purl', referenceLocator: purl }],
});
const brief = ({ name, version, source }: SbomComponent) => [
  name,
  version,
  source && `${source.name} ${source.version}`,
];

const deb = 'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12';
const rpm = 'pkg:rpm/redhat/openssl-libs@3.0.7-24.el9?arch=x86_64&distro=redhat-9.2&epoch=1';

test('packages come back from the CycloneDX document that Drydock writes', () => {
  const { components, os, diagnostics, format } = cycloneDx([
    { type: 'operating-system', name: 'debian', version: '12', description: 'Debian GNU/Linux 12 (bookworm)' },
    {
      type: 'library',
      name: 'libssl3',
      version: '3.0.11-1',
      purl: deb,
      ...properties({
        'drydock:source:name': 'openssl',
        'drydock:source:version': '3.0.11-1~src',
        'drydock:layer': 'sha256:00',
        'drydock:ownedBy': 'pkg:deb/debian/owner@1',
      }),
      evidence: { occurrences: [{ location: '/var/lib/dpkg/status' }] },
    },
  ]);
  assert.equal(format, 'cyclonedx');
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(os, {
    id: 'debian',
    versionId: '12',
    codename: null,
    prettyName: 'Debian GNU/Linux 12 (bookworm)',
    path: '',
  });
  assert.deepEqual(components, [
    {
      ...{ purl: deb, type: 'deb', name: 'libssl3', version: '3.0.11-1', arch: 'amd64', held: false },
      source: { name: 'openssl', version: '3.0.11-1~src' },
      ownedBy: 'pkg:deb/debian/owner@1',
      paths: ['var/lib/dpkg/status'],
      layer: 'sha256:00',
    },
  ]);
});

test('packages come back from the SPDX document that Drydock writes', () => {
  const { components, os, format } = spdx([
    { name: 'img', primaryPackagePurpose: 'CONTAINER', ...purlRef('pkg:oci/img@sha256%3A00') },
    { name: 'alpine', versionInfo: '3.18.4', primaryPackagePurpose: 'OPERATING_SYSTEM' },
    {
      name: 'libssl3',
      sourceInfo: 'built from source package openssl 3.0.11-1~src; found at var/lib/dpkg/status in layer sha256:00',
      ...purlRef(deb),
    },
  ]);
  assert.equal(format, 'spdx');
  assert.deepEqual([os?.id, os?.versionId], ['alpine', '3.18.4']);
  assert.deepEqual(components.map(brief), [['libssl3', '3.0.11-1', 'openssl 3.0.11-1~src']]);
});

const sources: readonly { name: string; item: object; expected: readonly unknown[] }[] = [
  { name: 'none told', item: { purl: deb }, expected: ['libssl3', '3.0.11-1', 'libssl3 3.0.11-1'] },
  {
    name: 'upstream without version',
    item: { purl: `${deb}&upstream=openssl` },
    expected: ['libssl3', '3.0.11-1', 'openssl 3.0.11-1'],
  },
  {
    name: 'upstream with version',
    item: { purl: `${deb}&upstream=openssl%403.0` },
    expected: ['libssl3', '3.0.11-1', 'openssl 3.0'],
  },
  {
    name: 'upstream of an rpm, with the epoch of the build',
    item: { purl: `${rpm}&upstream=openssl-3.0.7-24.el9.src.rpm` },
    expected: ['openssl-libs', '1:3.0.7-24.el9', 'openssl 1:3.0.7-24.el9'],
  },
  { name: 'rpm without source', item: { purl: rpm }, expected: ['openssl-libs', '1:3.0.7-24.el9', null] },
  {
    name: "Trivy's properties",
    item: {
      purl: deb,
      ...properties({
        'aquasecurity:trivy:SrcName': 'openssl',
        'aquasecurity:trivy:SrcVersion': '3.0.11',
        'aquasecurity:trivy:SrcRelease': '1',
        'aquasecurity:trivy:SrcEpoch': '2',
      }),
    },
    expected: ['libssl3', '3.0.11-1', 'openssl 2:3.0.11-1'],
  },
  {
    name: "Syft's properties",
    item: {
      purl: deb,
      ...properties({ 'syft:metadata:source': 'openssl', 'syft:metadata:sourceVersion': '3.0.9' }),
    },
    expected: ['libssl3', '3.0.11-1', 'openssl 3.0.9'],
  },
  {
    name: "Syft's properties of apk",
    item: {
      purl: 'pkg:apk/alpine/libcrypto3@3.1.1-r1?arch=x86_64&distro=alpine-3.18.2',
      ...properties({ 'syft:metadata:originPackage': 'openssl' }),
    },
    expected: ['libcrypto3', '3.1.1-r1', 'openssl 3.1.1-r1'],
  },
  {
    name: "Syft's properties of rpm",
    item: { purl: rpm, ...properties({ 'syft:metadata:sourceRpm': 'openssl-3.0.7-24.el9.src.rpm' }) },
    expected: ['openssl-libs', '1:3.0.7-24.el9', 'openssl 1:3.0.7-24.el9'],
  },
  {
    name: 'an epoch of Debian in a qualifier',
    item: { purl: 'pkg:deb/debian/a@2?epoch=1' },
    expected: ['a', '1:2', 'a 1:2'],
  },
];
for (const { name, item, expected } of sources) {
  test(`source package: ${name}`, () => {
    const { components } = cycloneDx([{ type: 'library', name: 'x', ...item }]);
    assert.deepEqual(components.map(brief), [expected]);
  });
}

test("source package: Trivy's sentence in SPDX", () => {
  const item = { name: 'libssl3', sourceInfo: 'built package from: openssl 3.0.11-1', ...purlRef(deb) };
  assert.deepEqual(spdx([item]).components.map(brief), [['libssl3', '3.0.11-1', 'openssl 3.0.11-1']]);
});

const names: readonly (readonly [purl: string, component: string, expected: string])[] = [
  ['pkg:npm/%40babel/core@7.0.0', '@babel/core', '@babel/core'],
  ['pkg:maven/org.apache/log4j@1', 'log4j', 'org.apache:log4j'],
  ['pkg:golang/github.com/burntsushi/toml@v1.0.0', 'github.com/BurntSushi/toml', 'github.com/BurntSushi/toml'],
  ['pkg:golang/github.com/burntsushi/toml@v1.0.0', 'toml', 'github.com/burntsushi/toml'],
  ['pkg:composer/guzzlehttp/psr7@1', 'psr7', 'guzzlehttp/psr7'],
  ['pkg:swift/github.com/apple/swift-nio@1', 'swift-nio', 'github.com/apple/swift-nio'],
  ['pkg:rpm/redhat/bash@5', 'bash', 'bash'],
];
for (const [purl, component, expected] of names) {
  test(`the name that advisories use: ${expected} of ${purl}`, () => {
    const { components } = cycloneDx([{ type: 'library', name: component, purl }]);
    assert.deepEqual(
      components.map(({ name }) => name),
      [expected],
    );
  });
}

test('the subject and nested components count, images and files do not', () => {
  const { components } = cycloneDx(
    [
      { type: 'file', name: 'f', purl: 'pkg:generic/f@1' },
      { type: 'application', name: 'lock', components: [{ type: 'library', name: 'b', purl: 'pkg:npm/b@1' }] },
      { type: 'library', name: 'c', purl: 'pkg:npm/c@1', scope: 'excluded' },
    ],
    { metadata: { component: { type: 'application', name: 'a', purl: 'pkg:npm/a@1' } } },
  );
  assert.deepEqual(
    components.map(({ name, scope }) => [name, scope]),
    [
      ['a', undefined],
      ['b', undefined],
      ['c', 'dev'],
    ],
  );
});

test('what is no package is told, never thrown', () => {
  const { components, diagnostics } = cycloneDx([
    { type: 'library', name: 'no purl' },
    { type: 'library', name: 'x', purl: 'pkg:npm/%zz@1' },
    { type: 'library', name: 'x', purl: 'pkg:npm/a%0Ab@1' },
    { type: 'library', name: 'x', purl: 'pkg:npm/without-version' },
    { type: 'library', name: 'x', version: '3', purl: 'pkg:npm/version-beside' },
    { type: 'library', name: 'x', purl: 'pkg:npm/good@1' },
  ]);
  assert.deepEqual(
    components.map((component) => component.purl),
    ['pkg:npm/version-beside@3', 'pkg:npm/good@1'],
  );
  assert.deepEqual(
    diagnostics.map(({ code, partial }) => [code, partial]),
    [
      ['package_invalid_metadata', true],
      ['sbom_incomplete', undefined],
    ],
  );
  for (const text of ['', '[]', '{"bomFormat":1}', '{"spdxVersion":"SPDX-3.0"}', '<bom/>', '{']) {
    const { format, diagnostics } = readSbom(Buffer.from(text));
    assert.deepEqual([format, diagnostics.map(({ code }) => code)], [null, ['invalid_sbom']]);
  }
});

test('the distribution is read from package URLs that agree, also as others spell it', () => {
  const osOf = (...purls: string[]) => {
    const { os } = cycloneDx(purls.map((purl) => ({ type: 'library', name: 'x', purl })));
    return os && [os.id, os.versionId, os.codename];
  };
  assert.deepEqual(osOf(deb), ['debian', '12', null]);
  assert.deepEqual(osOf(rpm), ['rhel', '9.2', null]);
  assert.deepEqual(osOf('pkg:apk/alpine/a@1?distro=3.18.2'), ['alpine', '3.18.2', null]);
  assert.deepEqual(osOf('pkg:rpm/opensuse/a@1-1?distro=opensuse-leap-15.5'), ['opensuse-leap', '15.5', null]);
  assert.deepEqual(osOf('pkg:deb/debian/a@1?distro=debian-sid'), ['debian', null, 'sid']);
  assert.equal(osOf(deb, rpm), undefined);
});

test('a statement about an image is read like the document in it', () => {
  const predicate = { bomFormat: 'CycloneDX', components: [{ type: 'library', name: 'a', purl: 'pkg:npm/a@1' }] };
  assert.equal(read({ predicateType: 'https://cyclonedx.org/bom', predicate }).components.length, 1);
  const marked = Buffer.concat([Buffer.from('\ufeff'), Buffer.from(JSON.stringify(predicate))]);
  assert.equal(readSbom(marked).components.length, 1);
});
