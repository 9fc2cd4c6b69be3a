import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from './collect.ts';

test('a stream is read whole up to its limit, and not further', async () => {
  let produced = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      produced++;
      yield Buffer.from('abc');
    }
  }
  async function* twice(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('ab');
    yield Buffer.from('cd');
  }
  const tooLarge = (limit: number): Error => new RangeError(`more than ${limit}`);
  assert.equal((await collect(twice(), 4, tooLarge)).toString(), 'abcd');
  await assert.rejects(collect(twice(), 3, tooLarge), { message: 'more than 3' });
  await assert.rejects(collect(endless(), 7, tooLarge), RangeError);
  assert.equal(produced, 3);
});
