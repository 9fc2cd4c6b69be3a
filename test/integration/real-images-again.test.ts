import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { aptMachine, assertRepaired, assertSameTree, fixTag, type Workplace } from '../support/apt-comparison.ts';
import { debianRootfs, ociLayout, temporaryDirectory, unpackWithUmoci } from '../support/debian-image.ts';

test('fixing again: nothing to do changes nothing, and a second fix replaces the layer of the first', async (t) => {
  const mirror = aptMachine(t);
  if (mirror === undefined) return;
  await using scratch = await temporaryDirectory();
  const place = { layout: join(scratch.path, 'image'), directory: scratch.path };
  await ociLayout(place.layout, 'old', [await debianRootfs(mirror, 'bookworm')]);

  const direct = await fixTag(place, 'old', 'direct');
  assertRepaired(direct);
  const before = await tagsOf(place);
  const nothing = await fixTag(place, 'direct', 'nothing');
  assert.equal(nothing.task.status, 'success');
  assert.equal(nothing.result, null);
  assert.deepEqual(await tagsOf(place), before, 'no tag is made or moved');

  const [first] = direct.upgrades;
  assert.ok(first && direct.upgrades.length > 1);
  const part = await fixTag(place, 'old', 'part', '--package', first.name);
  assertRepaired(part);
  assert.ok(part.upgrades.length < direct.upgrades.length);
  const rest = await fixTag(place, 'part', 'rest', '--all-fixable');
  assertRepaired(rest);

  const [old, after] = [await layersOf(place, 'old'), await layersOf(place, 'rest')];
  assert.deepEqual(after.slice(0, -1), old, 'one layer on top of the original ones');
  await assertSameTree(
    await unpackWithUmoci(place.layout, 'direct', join(scratch.path, 'direct')),
    await unpackWithUmoci(place.layout, 'rest', join(scratch.path, 'rest')),
  );
});

interface Index {
  readonly manifests: readonly { readonly digest: string; readonly annotations?: Readonly<Record<string, string>> }[];
}

async function tagsOf({ layout }: Workplace): Promise<Record<string, string>> {
  const { manifests } = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as Index;
  const named = manifests.map(({ digest, annotations }) => [
    annotations?.['org.opencontainers.image.ref.name'],
    digest,
  ]);
  return Object.fromEntries(named.filter(([name]) => name !== undefined));
}

async function layersOf(place: Workplace, tag: string): Promise<string[]> {
  const digest = (await tagsOf(place))[tag] ?? '';
  const bytes = await readFile(join(place.layout, 'blobs', digest.replace(':', '/')), 'utf8');
  return (JSON.parse(bytes) as { layers: { digest: string }[] }).layers.map((layer) => layer.digest);
}
