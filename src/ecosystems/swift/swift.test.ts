import assert from 'node:assert/strict';
import { test } from 'node:test';
import { briefs } from '../../../test/support/catalog.ts';
import { repositoryName, swift } from './index.ts';

test('Package.resolved of all versions', async () => {
  const [cataloger] = swift.declared ?? [];
  assert.ok(cataloger);
  const one = {
    object: {
      pins: [
        { package: 'swift-nio', repositoryURL: 'https://github.com/apple/swift-nio.git', state: { version: '2.40.0' } },
      ],
    },
    version: 1,
  };
  const two = {
    pins: [
      { identity: 'vapor', location: 'https://github.com/vapor/vapor', state: { revision: 'x', version: '4.50.0' } },
      { identity: 'branch', location: 'https://github.com/a/b', state: { branch: 'main', revision: 'x' } },
    ],
    version: 2,
  };
  assert.deepEqual(
    await briefs(cataloger, { 'a/Package.resolved': JSON.stringify(one), 'b/Package.resolved': JSON.stringify(two) }),
    [
      'pkg:swift/github.com/apple/swift-nio@2.40.0 declared a/Package.resolved',
      'pkg:swift/github.com/vapor/vapor@4.50.0 declared b/Package.resolved',
    ],
  );
});

const spellings = [
  'https://github.com/Apple/swift-nio.git',
  'https://user@github.com/apple/swift-nio/',
  'git@github.com:apple/swift-nio.git',
  'ssh://git@github.com/apple/swift-nio',
  'github.com/apple/swift-nio',
];
for (const spelling of spellings) {
  test(`${spelling} is one repository`, () => {
    assert.equal(repositoryName(spelling), 'github.com/apple/swift-nio');
    assert.equal(repositoryName(repositoryName(spelling)), repositoryName(spelling));
  });
}
