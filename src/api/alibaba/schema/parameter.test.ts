import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RpcError } from '../errors.ts';
import { emptyPage, flatPaging, pageInfo, pageRequest, paging } from './paging.ts';
import {
  choice,
  choices,
  commaList,
  document,
  flag,
  list,
  listOf,
  type Parameter,
  readInput,
  required,
  text,
  whole,
} from './parameter.ts';

const read = <T>(parameter: Parameter<T>, entries: Record<string, string>): T =>
  parameter.read(new Map(Object.entries(entries)), 'X');

const refused = (parameter: Parameter<unknown>, entries: Record<string, string>, code = 'InvalidX') =>
  assert.throws(
    () => read(parameter, entries),
    (error) => error instanceof RpcError && error.code === code && error.status === 400,
    JSON.stringify(entries).slice(0, 80),
  );

test('absent and empty are the same; required ones are missed with the words of the table', () => {
  for (const parameter of [text(), choice('a'), whole(), flag(), commaList(), list(), document()]) {
    assert.equal(read(parameter, {}), undefined);
    assert.equal(read(parameter, { X: '' }), undefined);
    refused(required(parameter as Parameter<unknown>), {}, 'MissingX');
    refused(required(parameter as Parameter<unknown>), { X: '' }, 'MissingX');
  }
  refused(required(commaList()), { X: ' , ,' }, 'MissingX');
  assert.throws(() => read(required(text()), {}), /^RpcError: X is mandatory for this action\.$/);
  assert.throws(() => read(whole(), { X: 'a' }), /^RpcError: Specified parameter X is not valid\.$/);
});

test('choices fold their case and answer as listed', () => {
  assert.equal(read(choice('Y', 'N', 'A'), { X: 'y' }), 'Y');
  assert.equal(read(choice('cve', 'sca'), { X: 'CVE' }), 'cve');
  refused(choice('Y', 'N'), { X: 'A' });
  assert.deepEqual(read(choices('asap', 'later'), { X: 'ASAP, later,' }), ['asap', 'later']);
  refused(choices('asap', 'later'), { X: 'asap,now' });
});

test('whole numbers are digits inside bounds', () => {
  assert.equal(read(whole(), { X: '9007199254740991' }), 9007199254740991);
  assert.equal(read(whole(-5), { X: '-5' }), -5);
  for (const value of ['-1', '1.0', '1e3', ' 1', '+1', '0x1', '', 'abc', '9007199254740992', '1'.repeat(20)].slice(
    0,
    -1,
  )) {
    if (value !== '') refused(whole(), { X: value });
  }
  refused(whole(1, 2), { X: '3' });
});

test('booleans are two words', () => {
  assert.equal(read(flag(), { X: 'true' }), true);
  assert.equal(read(flag(), { X: 'FALSE' }), false);
  refused(flag(), { X: '1' });
});

test('comma lists are trimmed, without empty values and duplicates', () => {
  assert.deepEqual(read(commaList(), { X: 'a, b ,,a' }), ['a', 'b']);
  assert.deepEqual(read(commaList(), { X: '["a","b"]' }), ['a', 'b']);
  assert.equal(read(commaList(), { X: ',' }), undefined);
  refused(commaList(3), { X: 'a,b,c,d' });
});

test('lists: numbered in the order of numbers with gaps, JSON array, single value', () => {
  assert.deepEqual(read(list(), { 'X.10': 'c', 'X.2': 'b', 'X.1': 'a' }), ['a', 'b', 'c']);
  assert.deepEqual(read(list(), { 'X.0': 'z', 'X.7': 'a' }), ['z', 'a']);
  assert.deepEqual(read(list(), { X: '["image","container"]' }), ['image', 'container']);
  assert.deepEqual(read(list(), { X: 'image' }), ['image']);
  assert.deepEqual(read(list(), { 'X.1': '' }), undefined);
  refused(list(), { 'X.a': '1' });
  refused(list(), { 'X.1.Name': '1' });
  refused(list(), { X: '[["a"]]' });
  refused(list(), { X: '["a"' });
  refused(list(), { X: '[null]' });
  refused(listOf('image'), { 'X.1': 'image', 'X.2': 'vm' });
  refused(list(), Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`X.${index}`, `${index}`])));
});

test('documents are strict JSON', () => {
  assert.deepEqual(read(document(), { X: '[1]' }), [1]);
  refused(document(), { X: '{"a":1,"a":2}' });
  refused(document(), { X: '{"a":' });
});

test('paging has defaults, bounds, and counts rows of both kinds', () => {
  const shape = paging(10);
  const input = (entries: Record<string, string>) => readInput(shape, new Map(Object.entries(entries)));
  assert.deepEqual(input({}), { CurrentPage: 1, PageSize: 10 });
  assert.deepEqual(pageRequest(input({ CurrentPage: '3', PageSize: '1000' })), { offset: 2000, limit: 1000 });
  for (const value of ['0', '-1', 'abc', '1e3', '99999999999999999999']) {
    assert.throws(() => input({ CurrentPage: value }), /CurrentPage/);
    assert.throws(() => input({ PageSize: value }), /PageSize/);
  }
  assert.throws(() => input({ PageSize: '1001' }), /PageSize/);
  assert.throws(() => pageRequest(input({ CurrentPage: '9007199254740991', PageSize: '1000' })), /CurrentPage/);
  const page = { ...emptyPage, total: 7, rows: ['a', 'b'] };
  assert.deepEqual(pageInfo(input({}), page), { CurrentPage: 1, PageSize: 10, TotalCount: 7, Count: 2 });
  assert.deepEqual(flatPaging(input({}), page), { CurrentPage: 1, PageSize: 10, TotalCount: 7 });
});
