import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { packageUrl } from './purl.ts';

test('the example of the report specification', () => {
  assert.equal(
    packageUrl({
      type: 'deb',
      namespace: 'debian',
      name: 'libssl3',
      version: '3.0.11-1~deb12u2',
      qualifiers: { distro: 'debian-12', arch: 'amd64' },
    }),
    'pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12',
  );
});

test('as packageurl-js, for every name and version that dpkg allows', () => {
  const name = fc.string({ unit: fc.constantFrom(...'ab0+.-'), minLength: 1 }).map((text) => `x${text}`);
  const version = fc.string({ unit: fc.constantFrom(...'01a+.~-:'), minLength: 1 }).map((text) => `1${text}`);
  const distro = fc
    .string({ unit: fc.constantFrom(..."ab0+._-~:/ !'()*"), minLength: 1 })
    .filter((text) => text.trim() === text);
  fc.assert(
    fc.property(name, version, distro, (name, version, distro) => {
      const qualifiers = { arch: 'amd64', distro };
      const oracle = new PackageURL('deb', 'debian', name, version, qualifiers, undefined).toString();
      assert.equal(packageUrl({ type: 'deb', namespace: 'debian', name, version, qualifiers }), oracle);
    }),
  );
});

test('nothing is written for what is not known', () => {
  assert.equal(packageUrl({ type: 'deb', name: 'a', version: '', qualifiers: { arch: null } }), 'pkg:deb/a');
});
