import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixableImages, ordersOf } from './fix-orders.ts';

const image = (uuid: string, fixable: number) => ({ uuid, counts: { cve: { fixable } } }) as never;

test('only images with something to fix are ordered', () => {
  const images = Array.from({ length: 250 }, (_, index) => image(String(index), index % 2));
  assert.equal(fixableImages(images).length, 125);
  const orders = ordersOf(images, 'best-effort');
  assert.equal(orders.length, 125);
  assert.deepEqual(orders[0], { image: '1', allFixable: true, strategy: 'best-effort' });
  assert.deepEqual(ordersOf([image('a', 0)], 'best-effort'), []);
});
