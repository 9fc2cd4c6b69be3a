import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothFilters, quoted, termsOf, valuesIn, withoutTerm, withValues } from './terms.ts';

const texts = (filter: string): readonly string[] => termsOf(filter).map(({ text }) => text);

test('a filter falls into its tests', () => {
  assert.deepEqual(texts('severity:critical,high  fixable:true -repository:team/*'), [
    'severity:critical,high',
    'fixable:true',
    '-repository:team/*',
  ]);
  assert.deepEqual(texts('title:*"use after free"* size>=1000'), ['title:*"use after free"*', 'size>=1000']);
  assert.deepEqual(texts('-(kev:true or cvss>=9) os:debian'), ['-(kev:true or cvss>=9)', 'os:debian']);
  assert.deepEqual(texts(''), []);
});

test('sides of an or at the top cannot go alone', () => {
  assert.deepEqual(texts(' kev:true or cvss>=9 '), ['kev:true or cvss>=9']);
});

test('what is not closed is a part, not an endless loop', () => {
  assert.deepEqual(texts('title:"open (x'), ['title:"open (x']);
  assert.deepEqual(texts('((a:b'), ['((a:b']);
  assert.deepEqual(texts('a:b) c:d'), ['a:b)', 'c:d']);
});

test('taking a part away leaves the others', () => {
  const filter = 'a:1 b:2 c:3';
  const [, second] = termsOf(filter);
  assert.ok(second);
  assert.equal(withoutTerm(filter, second), 'a:1 c:3');
});

test('values of a field are set, replaced and taken away', () => {
  assert.equal(withValues('', 'severity', ['critical']), 'severity:critical');
  assert.equal(
    withValues('severity:critical fixable:true', 'severity', ['high', 'low']),
    'fixable:true severity:high,low',
  );
  assert.equal(withValues('severity:critical fixable:true', 'severity', []), 'fixable:true');
  assert.equal(withValues('-severity:low', 'severity', ['high']), '-severity:low severity:high');
  assert.deepEqual(valuesIn('tag:"a, b",c', 'tag'), ['a, b', 'c']);
});

test('values that mean something are quoted', () => {
  assert.equal(quoted('team/app'), 'team/app');
  assert.equal(quoted('a b'), '"a b"');
  assert.equal(quoted('*'), '"*"');
  assert.equal(quoted('say "x"\\'), '"say \\"x\\"\\\\"');
  assert.equal(quoted('-x'), '"-x"');
});

test('the filter of a page and that of the user hold together', () => {
  assert.equal(bothFilters('uuid:1', ''), 'uuid:1');
  assert.equal(bothFilters('', 'kev:true'), 'kev:true');
  assert.equal(bothFilters('uuid:1', 'a:1 or b:2'), 'uuid:1 (a:1 or b:2)');
  assert.equal(bothFilters('uuid:1', 'a:1) or (b:2'), 'a:1) or (b:2', 'brackets that end ours are not put in ours');
  assert.equal(bothFilters('uuid:1', 'title:")"'), 'uuid:1 (title:")")');
});
