import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schema } from '../../../api/client.ts';
import { speaksOf, timelineOf } from './timeline.ts';

const image = {
  uuid: 'a'.repeat(32),
  repository: 'shop/api',
  digest: 'sha256:1',
  registry: { id: 7, name: 'harbour', instanceId: 'cri-1' },
  scan: { state: 'matched', reason: null, finishedAt: '2026-01-02T00:00:00Z', progress: null },
} as unknown as Schema<'Image'>;

const change = (scope: object, at = '2026-01-03T00:00:00Z') =>
  ({ at, change: 'added', by: 'ada', decision: { id: 5, scope } }) as unknown as Parameters<typeof speaksOf>[1];

test('only decisions made for the image belong to it', () => {
  assert.equal(speaksOf(image, change({ kind: 'images', uuids: [image.uuid] })), true);
  assert.equal(speaksOf(image, change({ kind: 'repositories', paths: ['shop/web'] })), false);
  assert.equal(speaksOf(image, change({ kind: 'registries', ids: [7] })), true);
  assert.equal(speaksOf(image, change({ kind: 'global' })), false);
});

test('a decision for everything belongs to the image when it covers a finding of it', () => {
  const made = timelineOf(image, { fixes: [], tags: [], changes: [change({ kind: 'global' })], inForce: new Set([5]) });
  assert.deepEqual(
    made.map(({ kind }) => kind),
    ['decision', 'scan'],
  );
});

test('what happened last stands first', () => {
  const fix = { createdAt: '2026-01-04T00:00:00Z', finishedAt: '2026-01-05T00:00:00Z' } as Schema<'Fix'>;
  const tag = { tag: 'v1', digest: null, at: '2026-01-01T00:00:00Z', source: 'poll', actor: null };
  const changes = [change({ kind: 'images', uuids: [image.uuid] }), change({ kind: 'global' })];
  const made = timelineOf(image, { fixes: [fix], tags: [tag], changes, inForce: new Set() });
  assert.deepEqual(
    made.map(({ kind, at }) => `${kind} ${at.slice(8, 10)}`),
    ['fix 05', 'fix 04', 'decision 03', 'scan 02', 'tag 01'],
  );
});
