import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RpcError } from '../errors.ts';
import { decodeParameters } from './parameters.ts';

const form = 'application/x-www-form-urlencoded; charset=UTF-8';
const decode = (query: string, body = '', type: string | undefined = form) =>
  Object.fromEntries(decodeParameters(query, Buffer.from(body), type).all);

const refused = (query: string, body: string | Buffer = '') =>
  assert.throws(
    () => decodeParameters(query, Buffer.from(body), form),
    (error) => error instanceof RpcError && error.code === 'InvalidParameter' && error.status === 400,
    query,
  );

test('query and form are one set of parameters; other bodies are none', () => {
  assert.deepEqual(decode('A=1&B.2=x', 'C=3'), { A: '1', 'B.2': 'x', C: '3' });
  assert.deepEqual(decode('A=1', 'C=3', 'application/json'), { A: '1' });
  assert.deepEqual(decode('A=1', 'C=3', 'application/x-www-form-urlencoded'), { A: '1', C: '3' });
});

test('split at ampersands, then at the first equals sign; plus is a blank', () => {
  assert.deepEqual(decode('A=b=c&&B=a+b%2Bc&C=&D'), { A: 'b=c', B: 'a b+c', C: '', D: '' });
  assert.deepEqual(decode('A=%E4%B8%AD%F0%9F%98%80'), { A: '中😀' });
});

test('raw UTF-8 in query and body is read as such', () => {
  const raw = Buffer.from('A=中').toString('latin1');
  assert.deepEqual(Object.fromEntries(decodeParameters(raw, Buffer.alloc(0), undefined).all), { A: '中' });
  assert.deepEqual(decode('', 'A=中'), { A: '中' });
});

test('names that stand twice, impossible names and broken encodings are refused', () => {
  refused('A=1&A=1');
  refused('A=1', 'A=2');
  refused('', 'A=2&A=2');
  refused('=1');
  refused('A_b=1');
  refused('A-b=1');
  refused('__proto__=1');
  refused('A%00=1');
  refused(`${'A'.repeat(129)}=1`);
  refused('A=%');
  refused('A=%zz');
  refused('A=%ff');
  refused('A=%ed%a0%80');
  refused('A=%c0%af');
  refused('A=\xff');
  refused('', Buffer.from([0x41, 0x3d, 0xff]));
});

test('more parameters than any operation has are refused', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `A.${index}=1`).join('&');
  assert.equal(Object.keys(decode(many(10_000))).length, 10_000);
  refused(many(10_001));
});
