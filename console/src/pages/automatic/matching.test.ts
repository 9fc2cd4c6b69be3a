import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterOf } from './matching.ts';

const now = Date.parse('2026-03-10T12:00:00Z');

test('no repository matches nothing', () => {
  assert.equal(filterOf({ repositories: [], imageDays: 0 }, now), null);
});

test('repositories are compared whole, and the age of images counts back from today', () => {
  assert.equal(
    filterOf({ repositories: ['team/app', 'a b', 'x*'], imageDays: 7 }, now),
    'repository:team/app,"a b","x*" current:true kind:cve fixable:true updated>=2026-03-03',
  );
});
