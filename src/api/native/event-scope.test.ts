import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutboxEvent } from '../../jobs/index.ts';
import { eventFor } from './event-scope.ts';

const matched: OutboxEvent = {
  id: 1,
  at: 0,
  topic: 'vulnerability.matched',
  projectId: null,
  payload: { vulnerability: 'CVE-2024-1', opened: 7, closed: 2, images: { '1': 3, '2': 5, '11': 9, '4': 0 } },
};

test('an event of the installation shows each caller the share of his projects, and no sums over all', () => {
  const payload = (projects: 'all' | readonly number[]) => eventFor({ projects }, matched)?.payload;
  assert.deepEqual(payload('all'), matched.payload);
  assert.deepEqual(payload([1]), { vulnerability: 'CVE-2024-1', images: { '1': 3 } });
  assert.deepEqual(payload([2, 11, 12]), { vulnerability: 'CVE-2024-1', images: { '2': 5, '11': 9 } });
  assert.equal(payload([3]), undefined, 'none is his');
  assert.equal(payload([4]), undefined, 'a project without images');
  assert.equal(payload([]), undefined);
});

test('other events are for their project, those of the installation for those who see all', () => {
  const own = { ...matched, topic: 'fix.stage', projectId: 1, payload: { task: 'x' } };
  assert.equal(eventFor({ projects: [1] }, own), own);
  assert.equal(eventFor({ projects: [2] }, own), null);
  for (const payload of [null, 'x', {}, { images: null }, { images: { '1': 1 } }, { vulnerability: 'x', images: [] }]) {
    const event = { ...matched, payload };
    assert.equal(eventFor({ projects: [1] }, event), null);
    assert.equal(eventFor({ projects: 'all' }, event), event);
  }
});
