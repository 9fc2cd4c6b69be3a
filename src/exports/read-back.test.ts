import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { samplePackage, sampleReport } from '../../test/support/sample-reports.ts';
import { readSbom } from '../ecosystems/index.ts';
import { exportFormats } from './formats.ts';

const app = (type: string, name: string, purl: string, version = '1.2.3') =>
  samplePackage(name, version, { type, purl, arch: null, source: null });

const rpm =
  'pkg:rpm/rhel/nodejs@20.1.0-1.module?arch=x86_64&distro=rhel-9.2&epoch=1&rpmmod=nodejs%3A20&upstream=nodejs-20.1.0-1.module.src.rpm';

const packages = [
  samplePackage('libssl3', '1:3.0.11-1~deb12u2+b1', {
    purl: 'pkg:deb/debian/libssl3@1:3.0.11-1~deb12u2+b1?arch=amd64&distro=debian-12',
    source: { name: 'openssl', version: '1:3.0.11-1~deb12u2' },
  }),
  samplePackage('py3-Foo', '1.0-r1', {
    ...{ type: 'apk', purl: 'pkg:apk/alpine/py3-foo@1.0-r1?arch=x86_64&distro=alpine-3.18.4', arch: 'x86_64' },
    source: { name: 'py3-Foo', version: '1.0-r1' },
  }),
  samplePackage('nodejs', '1:20.1.0-1.module', {
    ...{ type: 'rpm', purl: rpm, arch: 'x86_64' },
    source: { name: 'nodejs', version: '1:20.1.0-1.module' },
  }),
  app('npm', '@babel/core', 'pkg:npm/%40babel/core@1.2.3'),
  app('maven', 'org.apache.logging.log4j:log4j-core', 'pkg:maven/org.apache.logging.log4j/log4j-core@1.2.3'),
  app('golang', 'github.com/BurntSushi/toml', 'pkg:golang/github.com/burntsushi/toml@v1.2.3', 'v1.2.3'),
  app('composer', 'guzzlehttp/psr7', 'pkg:composer/guzzlehttp/psr7@1.2.3'),
  app('gem', 'rack', 'pkg:gem/rack@1.2.3'),
  app('nuget', 'Newtonsoft.Json', 'pkg:nuget/Newtonsoft.Json@1.2.3'),
  app('swift', 'github.com/apple/swift-nio', 'pkg:swift/github.com/apple/swift-nio@1.2.3'),
];

/** Packages that do not count, or not surely. */
const listed = [
  samplePackage('json', '2.6.1', {
    ...{ type: 'gem', purl: 'pkg:gem/json@2.6.1', arch: null, source: null },
    ownedBy: 'pkg:deb/debian/libruby3.1@3.1.2-7?arch=amd64&distro=debian-12',
  }),
  { ...app('npm', 'old', 'pkg:npm/old@1.2.3'), scope: 'removed' as const },
  { ...app('npm', 'test', 'pkg:npm/test@1.2.3'), scope: 'dev' as const, confidence: 'low' as const },
  { ...app('maven', 'lib', 'pkg:maven/lib@1.2.3'), guessed: true },
];

type Identity = Pick<(typeof packages)[0], 'purl' | 'type' | 'name' | 'version' | 'arch' | 'source'>;

/** All that decides what a package matches. */
const identity = ({ purl, type, name, version, arch, source }: Identity): Identity => ({
  ...{ purl, type, name, version, arch, source },
});

for (const id of ['cyclonedx', 'spdx']) {
  test(`packages of all worlds come back from ${id} as they were`, async () => {
    const format = exportFormats.find((one) => one.id === id);
    assert.ok(format);
    const out = new PassThrough();
    const written = buffer(out);
    const report = { ...sampleReport(), packages: [...packages, ...listed], findings: [] };
    await format.write(report, out, {});
    out.end();
    const { components, os, diagnostics } = readSbom(await written);
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(components.map(identity), [...packages, ...listed].map(identity));
    const standing = components.slice(packages.length).map(({ scope, confidence, guessed, ownedBy }) => {
      return [scope ?? 'installed', confidence ?? 'high', guessed ?? false, ownedBy];
    });
    assert.deepEqual(
      standing,
      listed.map(({ scope, confidence, guessed, ownedBy }) => [scope, confidence, guessed, ownedBy]),
    );
    assert.deepEqual([os?.id, os?.versionId], [report.image.os?.id, report.image.os?.versionId]);
  });
}
