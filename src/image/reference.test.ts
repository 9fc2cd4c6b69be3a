import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatReference, ImageReferenceError, parseReference, validTag } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}` as const;

test('registry references are normalised as Docker does', () => {
  const cases: [string, string][] = [
    ['debian', 'docker.io/library/debian:latest'],
    ['debian:12', 'docker.io/library/debian:12'],
    ['docker.io/debian', 'docker.io/library/debian:latest'],
    ['index.docker.io/team/app:1', 'docker.io/team/app:1'],
    ['team/app', 'docker.io/team/app:latest'],
    ['docker://quay.io/a/b_c/d--e:v1', 'quay.io/a/b_c/d--e:v1'],
    ['localhost/app', 'localhost/app:latest'],
    ['127.0.0.1:5000/a/b', '127.0.0.1:5000/a/b:latest'],
    ['[::1]:5000/a', '[::1]:5000/a:latest'],
    ['Registry.Example/app', 'registry.example/app:latest'],
    [`quay.io/a/b@${digest}`, `quay.io/a/b@${digest}`],
    [`quay.io/a/b:1@${digest}`, `quay.io/a/b:1@${digest}`],
    ['registry:quay.io/a/b', 'quay.io/a/b:latest'],
  ];
  for (const [text, want] of cases) {
    assert.equal(formatReference(parseReference(text)), want, text);
    assert.equal(formatReference(parseReference(want)), want, want);
  }
});

test('the other schemes keep paths as they are', () => {
  assert.deepEqual(parseReference('oci:./out'), { scheme: 'oci', directory: './out' });
  assert.deepEqual(parseReference('oci:/a/b:v1'), { scheme: 'oci', directory: '/a/b', tag: 'v1' });
  assert.deepEqual(parseReference('oci:/a:b/c'), { scheme: 'oci', directory: '/a:b/c' });
  assert.deepEqual(parseReference('archive:x.tar'), { scheme: 'archive', file: 'x.tar' });
  assert.deepEqual(parseReference('archive:x.tar#app:1'), { scheme: 'archive', file: 'x.tar', image: 'app:1' });
  assert.deepEqual(parseReference('dir:/srv/root'), { scheme: 'dir', directory: '/srv/root' });
});

test('anything ambiguous is refused with a hint', () => {
  const bad = [
    '',
    ' debian',
    'debian:',
    'Debian',
    'a//b',
    'a/../b',
    'a/b:latest;id',
    `a/b:${'x'.repeat(129)}`,
    'a/b@sha256:../../x',
    'a/b@sha1:0000',
    'good@evil/app',
    '0x7f.1/app',
    '127.1/app',
    'localhost./app',
    'a..b/app',
    'host:0/app',
    'host:99999/app',
    'xn--é.example/app',
    'гит.example/app',
    'a/b\r\nHost: evil',
    'oci:',
    'oci:dir:ta g',
    'archive:',
    'dir:',
    'a/b___c',
    'a/b-',
  ];
  for (const text of bad) {
    assert.throws(
      () => parseReference(text),
      (error: unknown) => error instanceof ImageReferenceError && error.hint !== undefined,
      JSON.stringify(text),
    );
  }
});

test('tags follow the grammar of the distribution specification', () => {
  for (const tag of ['a', '_x', '1.0-beta_2', 'x'.repeat(128)]) assert.ok(validTag(tag), tag);
  for (const tag of ['', '.a', '-a', 'a b', 'a/b', 'é', 'a\n', 'x'.repeat(129)]) assert.ok(!validTag(tag), tag);
});

test('parsing never does anything but return or throw its own error', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      try {
        const once = formatReference(parseReference(text));
        assert.equal(formatReference(parseReference(once)), once);
      } catch (error) {
        assert.ok(error instanceof ImageReferenceError);
      }
    }),
  );
});
