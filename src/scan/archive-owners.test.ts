import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstalledPackage } from '../ecosystems/index.ts';
import { settleOwnership } from './settle-packages.ts';

const owner = 'pkg:deb/debian/libtext-java@1.9';
const owners = [{ ownerOf: (path: string) => (path === 'usr/share/java/app.war' ? owner : undefined) }];

function library(path: string): InstalledPackage {
  return {
    ...{ purl: 'pkg:maven/g/a@1', type: 'maven', name: 'g:a', version: '1', arch: null, source: null, held: false },
    ...{ ownedBy: null, locations: [{ path, layer: `sha256:${'0'.repeat(64)}` }] },
  };
}

test('what lies in an archive belongs to the owner of the archive', () => {
  for (const [path, expected] of [
    ['usr/share/java/app.war', owner],
    ['usr/share/java/app.war!/WEB-INF/lib/a.jar!/b.jar', owner],
    ['usr/share/java/app.war.bak', null],
    ['opt/app.war!/WEB-INF/lib/a.jar', null],
  ] as const) {
    assert.equal(settleOwnership([library(path)], owners, () => true)[0]?.ownedBy, expected, path);
  }
});
