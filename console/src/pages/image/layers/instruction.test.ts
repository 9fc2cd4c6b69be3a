import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instructionOf } from './instruction.ts';

test('both forms of histories become instructions of a Dockerfile', () => {
  assert.deepEqual(instructionOf('/bin/sh -c #(nop)  CMD ["bash"]'), { word: 'CMD', text: '["bash"]' });
  assert.deepEqual(instructionOf('/bin/sh -c apt-get update &&   apt-get install -y curl'), {
    word: 'RUN',
    text: 'apt-get update && apt-get install -y curl',
  });
  assert.deepEqual(instructionOf('RUN /bin/sh -c make all # buildkit'), { word: 'RUN', text: 'make all' });
  assert.deepEqual(instructionOf('RUN |1 A=b /bin/sh -c make # buildkit'), { word: 'RUN', text: 'make' });
  assert.deepEqual(instructionOf('COPY . /app # buildkit'), { word: 'COPY', text: '. /app' });
});

test('what is no instruction stays as it is', () => {
  assert.deepEqual(instructionOf('bazel build ...'), { word: null, text: 'bazel build ...' });
  assert.deepEqual(instructionOf(''), { word: null, text: '' });
});
