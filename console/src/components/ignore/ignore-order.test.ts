import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayFromNow, type IgnoreDraft, type IgnoreSubject, orderOf, reachesOf } from './ignore-order.ts';

const subject: IgnoreSubject = { kind: 'ignore', vulnerabilities: ['CVE-2024-1'], findingKind: null };
const draft: IgnoreDraft = {
  ...{ reach: 'global', projectId: null, registryId: null, repositories: [], image: null, packages: [] },
  ...{ reason: '', end: 'never', lastDay: '2026-12-31', verdict: 'whitelisted' },
};

test('a decision that lacks its place or its day is no order', () => {
  assert.equal(orderOf(subject, { ...draft, reach: 'project' }), null);
  assert.equal(orderOf(subject, { ...draft, reach: 'registry' }), null);
  assert.equal(orderOf(subject, { ...draft, reach: 'repository' }), null);
  assert.equal(orderOf(subject, { ...draft, reach: 'image' }), null);
  assert.equal(orderOf(subject, { ...draft, reach: 'package' }), null);
  assert.equal(orderOf(subject, { ...draft, end: 'date', lastDay: '' }), null);
});

test('ends at a day, with a fix, or never', () => {
  assert.equal(orderOf(subject, draft)?.expiresAt, null);
  assert.equal(orderOf(subject, { ...draft, end: 'fix' })?.expiresWhen, 'any_fix');
  const end = orderOf(subject, { ...draft, end: 'date' })?.expiresAt ?? '';
  assert.equal(new Date(end).getTime(), new Date('2026-12-31T23:59:59').getTime());
});

test('risks have a verdict and neither packages nor fixes', () => {
  const risk = { ...subject, kind: 'baseline' } as const;
  assert.ok(!reachesOf(risk, true).includes('package'));
  const order = orderOf({ ...risk, findingKind: 'cve' }, { ...draft, end: 'fix' });
  assert.deepEqual([order?.verdict, order?.expiresWhen, order?.findingKind], ['whitelisted', 'none', null]);
});

test('everything can only be ignored in a narrower place', () => {
  const all = { ...subject, vulnerabilities: [] };
  assert.deepEqual(reachesOf(all, false), ['registry', 'repository', 'package']);
  assert.deepEqual(reachesOf(subject, true), ['global', 'project', 'registry', 'repository', 'image', 'package']);
});

test('days are counted in the calendar of the user', () => {
  assert.equal(dayFromNow(30, new Date(2026, 11, 15, 23, 30)), '2027-01-14');
});
