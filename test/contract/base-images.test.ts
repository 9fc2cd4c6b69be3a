import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainIds } from '../../src/image/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { factsWorld, type ToyImage, toyDigest } from '../support/facts-world.ts';

/** An image of the given layers; each layer holds one package. */
function imageOf(number: number, layers: readonly number[]): ToyImage {
  const packages = layers.map((layer) => ({
    ...{ type: 'deb' as const, name: `p${layer}`, version: '1', arch: 'amd64', source: null },
    places: [{ path: 'status', layer }],
  }));
  return { number, release: '12', packages };
}

forEachDatabase('base images', (open) => {
  test('scanned images are found by the chain of their layers, until they leave the inventory', async (t) => {
    const { db } = await open(t);
    const world = await factsWorld(db);
    await world.scan(imageOf(1, [901]));
    await world.scan(imageOf(2, [901, 902]));
    const [lower, both] = chainIds([toyDigest(901), toyDigest(902)]);
    assert.ok(lower !== undefined && both !== undefined);
    const find = async (...chains: (typeof lower)[]) => {
      const found = await world.store.withChains(chains);
      return found.map(({ chain, digest }) => [chain, digest]).sort();
    };
    assert.deepEqual(await find(lower), [[lower, toyDigest(1)]]);
    assert.deepEqual(await find(both, toyDigest(7)), [[both, toyDigest(2)]]);
    assert.deepEqual(await find(), []);
    // The same content scanned again, then gone.
    const [first] = await world.store.withChains([both]);
    await world.scan(imageOf(2, [901, 902]));
    assert.deepEqual(await world.store.withChains([both]), [first]);
    const image = await db.kysely.selectFrom('manifest').select('id').orderBy('id').execute();
    await world.store.forgetImages(image.map(({ id }) => id));
    assert.deepEqual(await find(lower, both), []);
  });
});
