import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCvss } from './cvss.ts';

test('vectors of every version are read', () => {
  const three = readCvss('CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:L/A:N');
  assert.equal(three?.version, '3.1');
  assert.deepEqual(
    three?.metrics.map(({ metric, value, weight }) => `${metric}:${value}${weight}`),
    ['AV:N2', 'AC:L2', 'PR:N2', 'UI:R0', 'S:U0', 'C:H2', 'I:L1', 'A:N0'],
  );
  const four = readCvss('CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N/E:A');
  assert.deepEqual([four?.version, four?.metrics.length], ['4.0', 11]);
  const two = readCvss('AV:N/AC:M/Au:N/C:P/I:P/A:C');
  assert.deepEqual([two?.version, two?.metrics.map(({ weight }) => weight)], ['2.0', [2, 1, 2, 1, 1, 2]]);
});

test('what is no vector is none', () => {
  assert.equal(readCvss(''), null);
  assert.equal(readCvss('<script>'), null);
});
