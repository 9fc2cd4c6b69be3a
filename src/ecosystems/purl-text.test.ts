import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { packageUrl } from './purl.ts';
import { parsePackageUrl } from './purl-text.ts';

const word = fc.string({ unit: fc.constantFrom(...'aZ09.-_~+@:%é /?#&=$'), minLength: 1, maxLength: 12 });
const clean = word.filter((text) => text.trim() === text);

test('what is written comes back', () => {
  const parts = fc.record({
    type: fc.constantFrom('deb', 'npm', 'maven', 'generic'),
    namespace: fc.option(
      clean.filter((text) => !text.startsWith('/') && !text.endsWith('/') && !text.includes('//')),
      { nil: undefined },
    ),
    name: clean.filter((text) => !text.startsWith('@')),
    version: clean,
    qualifiers: fc.dictionary(fc.constantFrom('arch', 'distro', 'epoch', '__proto__'), clean, {
      noNullPrototype: true,
    }),
  });
  fc.assert(
    fc.property(parts, (parts) => {
      const parsed = parsePackageUrl(packageUrl(parts));
      assert.ok(parsed !== undefined, packageUrl(parts));
      assert.equal(packageUrl(parsed), packageUrl(parts));
      const { type, name, version, namespace, qualifiers } = parsed;
      assert.deepEqual([type, namespace, name, version], [parts.type, parts.namespace, parts.name, parts.version]);
      assert.deepEqual({ ...qualifiers }, { ...parts.qualifiers });
    }),
    { numRuns: 300 },
  );
});

test('as packageurl-js reads it', () => {
  const pieces = (...units: string[]) =>
    fc.array(fc.constantFrom(...units), { maxLength: 10 }).map((all) => all.join(''));
  const text = fc
    .record({
      type: fc.constantFrom('generic', 'maven', 'cargo'),
      path: pieces('a', 'B', '1.0', '%40x', '%2B', 'x+y', '~', '/', '@'),
      query: pieces('&a=', '&b_c=1', 'x', '%40', '~'),
      subpath: pieces('a', '/', '%20'),
    })
    .map(({ type, path, query, subpath }) => `pkg:${type}/n${path}?k=${query}#${subpath}`);
  let compared = 0;
  fc.assert(
    fc.property(text, (text) => {
      let oracle: PackageURL | undefined;
      try {
        oracle = PackageURL.fromString(text);
      } catch {
        return;
      }
      const parsed = parsePackageUrl(text);
      assert.ok(parsed !== undefined, text);
      compared++;
      assert.deepEqual(
        [parsed.type, parsed.namespace, parsed.name, parsed.version, { ...parsed.qualifiers }],
        [oracle.type, oracle.namespace, oracle.name, oracle.version ?? '', { ...oracle.qualifiers }],
        text,
      );
    }),
    { numRuns: 300 },
  );
  assert.ok(compared > 100, `${compared} were valid`);
});

const rows: readonly (readonly [text: string, namespace: string | undefined, name: string, version: string])[] = [
  ['pkg:npm/%40babel/core@7.0.0', '@babel', 'core', '7.0.0'],
  ['pkg:npm/@babel/core@7.0.0', '@babel', 'core', '7.0.0'],
  ['pkg:npm/@babel/core', '@babel', 'core', ''],
  ['pkg:golang/github.com/a/b@v1.0.0#cmd/x', 'github.com/a', 'b', 'v1.0.0'],
  ['pkg://deb/debian/libc6@1%3A2.3?arch=amd64&distro=debian-12', 'debian', 'libc6', '1:2.3'],
  ['pkg:maven/org.a/b@1.0?type=jar', 'org.a', 'b', '1.0'],
];
for (const [text, namespace, name, version] of rows) {
  test(`reads ${text}`, () => {
    const parsed = parsePackageUrl(text);
    assert.deepEqual([parsed?.namespace, parsed?.name, parsed?.version], [namespace, name, version]);
  });
}

const bad = ['', 'npm/a@1', 'pkg:', 'pkg:npm', 'pkg:npm/', 'pkg:1x/a', 'pkg:npm/%zz', 'pkg:npm/a@%ff', 'pkg:npm/a?1=2'];
for (const text of [...bad, `pkg:npm/${'a'.repeat(5000)}`]) {
  test(`refuses ${JSON.stringify(text.slice(0, 30))}`, () => assert.equal(parsePackageUrl(text), undefined));
}
