import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '../digest.ts';
import { isSigned } from './signatures.ts';

const image: Digest = `sha256:${'a'.repeat(64)}`;
const index: Digest = `sha256:${'b'.repeat(64)}`;
const { signal } = new AbortController();

const repository = (types: Readonly<Record<string, readonly string[]>>, tags: readonly string[] = []) => ({
  referrers: async (digest: Digest) =>
    (types[digest] ?? []).map((artifactType) => ({ mediaType: 'm', digest: image, size: 1, artifactType })),
  resolveTag: async (tag: string) => (tags.includes(tag) ? image : undefined),
});

test('signatures by referrer or by tag, of the image or its index; attestations alone are none', async () => {
  const cases: readonly (readonly [Parameters<typeof repository>, boolean])[] = [
    [[{}], false],
    [[{ [image]: ['application/vnd.cncf.notary.signature'] }], true],
    [[{ [index]: ['application/vnd.dev.sigstore.bundle.v0.3+json'] }], true],
    [[{ [image]: ['application/vnd.in-toto+json', 'application/spdx+json'] }], false],
    [[{}, [`sha256-${'b'.repeat(64)}.sig`]], true],
    [[{}, [`sha256-${'a'.repeat(64)}.att`]], false],
  ];
  for (const [parts, expected] of cases) {
    assert.equal(await isSigned(repository(...parts), [image, index], signal), expected, JSON.stringify(parts));
  }
});
