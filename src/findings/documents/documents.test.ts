import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { imagePurl, repositoryOf } from './image-purl.ts';
import { uuidFor } from './stable-id.ts';
import { documentText } from './text.ts';
import { toRelativeUri, toUri } from './uri.ts';

test('a stable id is a version 5 UUID', () => {
  // From Python's uuid.uuid5(uuid.NAMESPACE_DNS, 'www.example.com').
  assert.equal(
    uuidFor('www.example.com', '6ba7b810-9dad-11d1-80b4-00c04fd430c8'),
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  );
});

test('an image is named by repository and digest', () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const rows: readonly (readonly [reference: string, purl: string, repository: string])[] = [
    ['debian:12', 'pkg:oci/debian@', 'debian'],
    ['host:5000/Team/app:v1', 'pkg:oci/app@?repository_url=host%3A5000%2FTeam%2Fapp', 'host:5000/Team/app'],
    ['host:5000/app@sha256:abc', 'pkg:oci/app@?repository_url=host%3A5000%2Fapp', 'host:5000/app'],
    ['oci:/home/alice/secret-project/img:v1', 'pkg:oci/img@', 'img'],
    ['archive:../x.tar', 'pkg:oci/x.tar@', 'x.tar'],
    ['dir:/', 'pkg:oci/image@', 'image'],
    ['', 'pkg:oci/image@', ''],
  ];
  for (const [reference, purl, repository] of rows) {
    const expected = purl.replace('@', `@${encodeURIComponent(digest)}`);
    assert.equal(imagePurl({ reference, digest }), expected, reference);
    assert.equal(repositoryOf(reference), repository, reference);
  }
});

test('whatever a purl holds, it becomes a URI of RFC 3986 and a good one stays as it is', () => {
  assert.equal(toUri('pkg:deb/debian/a@1%3A2~3?arch=amd64'), 'pkg:deb/debian/a@1%3A2~3?arch=amd64');
  assert.equal(toUri('pkg:x/%zz [é]'), 'pkg:x/%25zz%20%5B%C3%A9%5D');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.match(toUri(text), /^(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/);
      assert.equal(toUri(toUri(text)), toUri(text));
    }),
  );
});

test('a path becomes a relative reference that cannot leave the image nor name a scheme', () => {
  assert.equal(toRelativeUri('/usr/lib/a b'), 'usr/lib/a%20b');
  assert.equal(toRelativeUri('../../etc/./passwd'), 'etc/passwd');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (path) => {
      const base = new URL('image://root/x/');
      const uri = toRelativeUri(`${path}`);
      assert.ok(new URL(uri, base).href.startsWith('image://root/x/'));
    }),
  );
  assert.doesNotMatch(toRelativeUri('file:///etc/passwd'), /^[a-z]+:/);
});

test('document text is one bounded line of valid Unicode without controls', () => {
  assert.equal(documentText('a\r\nb\u001b[0m\u202ec\ud800'), 'a  b [0m c\ufffd');
  assert.equal(documentText('x'.repeat(10_000)).length, 4000);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.ok(documentText(text).isWellFormed());
      assert.doesNotMatch(documentText(text), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
