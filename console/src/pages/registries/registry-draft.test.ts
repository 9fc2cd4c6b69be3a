import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOf, emptyDraft, linesOf, nameFrom, needsPassword, orderOf } from './registry-draft.ts';

const stored = {
  ...emptyDraft,
  name: 'a',
  baseUrl: 'https://r.example',
  username: 'robot',
  region: 'x',
  projectId: '1',
};

test('only what differs is changed, and an empty password stays', () => {
  assert.deepEqual(changeOf(stored, stored), {});
  assert.deepEqual(changeOf(stored, { ...stored, include: ' team/**\n\n', insecure: true }), {
    include: ['team/**'],
    insecure: true,
  });
  assert.deepEqual(changeOf(stored, { ...stored, password: 'p' }), { password: 'p' });
  assert.deepEqual(changeOf(stored, { ...stored, username: '' }), { username: null });
  assert.deepEqual(changeOf(stored, { ...stored, forget: true }), { username: null, password: null });
});

test('a password does not follow to another server', () => {
  assert.equal(needsPassword(stored, { ...stored, name: 'b' }, true), false);
  assert.equal(needsPassword(stored, { ...stored, baseUrl: 'https://s.example' }, true), true);
  assert.equal(needsPassword(stored, { ...stored, baseUrl: 'https://s.example' }, false), false);
  assert.equal(needsPassword(stored, { ...stored, insecure: true }, true), true);
  assert.equal(needsPassword({ ...stored, insecure: true }, stored, true), false);
  assert.equal(needsPassword(stored, { ...stored, connectAddress: '10.0.0.1' }, true), false);
  assert.equal(needsPassword(stored, { ...stored, ca: 'x', password: 'again' }, true), false);
});

test('an order leaves out what was not said', () => {
  const order = orderOf({ ...emptyDraft, name: ' a ', baseUrl: 'https://r.example', schedule: '' });
  assert.equal(order.name, 'a');
  assert.equal(order.schedule, null);
  assert.equal('region' in order, false);
  assert.deepEqual(order.references, []);
});

test('lines and names', () => {
  assert.deepEqual(linesOf(' a \n\nb'), ['a', 'b']);
  assert.equal(nameFrom('https://r.example:5000/'), 'r.example:5000');
  assert.equal(nameFrom('https://'), '');
});
