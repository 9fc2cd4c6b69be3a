import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advisoryWorld, osvDocument } from '../../test/support/advisory-world.ts';
import { contentOf, matchingVersion, snapshotId } from './matching-version.ts';

test('matching version: it is part of every identity that a snapshot has', async (t) => {
  const { feed, service, request } = advisoryWorld(t);
  const ending = `+m${matchingVersion}`;
  using bundled = await service.open();
  assert.ok(bundled.snapshot.id.endsWith(ending));
  assert.equal((await service.status()).bundled.id, bundled.snapshot.id);
  feed('Debian', [osvDocument(1, '9')]);
  const { snapshot } = await service.update(request());
  using index = await service.open();
  assert.deepEqual([index.snapshot.id, await service.activeId()], [snapshot.id, snapshot.id]);
  assert.ok(snapshot.id.endsWith(ending));
});

test('matching version: matches of another version are all made anew, whatever changed in the facts', async (t) => {
  const { feed, service, request } = advisoryWorld(t);
  feed('Debian', [osvDocument(1, '9')]);
  const { snapshot } = await service.update(request());
  const { content } = contentOf(snapshot.id);
  assert.match(content, /^sha256:[0-9a-f]{64}$/);
  for (const before of [content, `${content}+m${matchingVersion - 1}`, `${content}+m${matchingVersion + 1}`]) {
    if (before === snapshot.id) continue;
    assert.equal(await service.changedKeys(before, snapshot.id), 'all', before);
  }
  assert.deepEqual(await service.changedKeys(snapshotId(content), snapshot.id), []);
});
