import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepOf } from './steps.ts';

test('without a registry there is only the first step', () => {
  assert.equal(stepOf('scan', ''), 'connect');
  assert.equal(stepOf('scan', '../x'), 'connect');
  assert.equal(stepOf('scan', '3'), 'scan');
  assert.equal(stepOf('elsewhere', '3'), 'connect');
});
