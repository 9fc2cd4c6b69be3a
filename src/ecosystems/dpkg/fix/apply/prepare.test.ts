import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { applyToyPackages, openToyImage, toyPlan } from '../../../../../test/support/apply-packages.ts';
import { buildDeb, type ToyPackage } from '../../../../../test/support/deb-builder.ts';
import { memoryBlobs } from '../../../../../test/support/layers.ts';
import { tar } from '../../../../../test/support/test-image.ts';
import { createLayerWriter } from '../../../../image/index.ts';
import { noProgress } from '../../../../kernel/index.ts';
import { createDebReader } from '../../deb/reader.ts';
import { prepareChange } from './prepare.ts';

const record = (name: string) =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nDescription: toy\n\n`;
const image = tar({
  'var/lib/dpkg/status': record('one') + record('two'),
  'var/lib/dpkg/info/one.list': '/.\n/usr\n/usr/one\n',
  'var/lib/dpkg/info/two.list': '/.\n/usr\n/usr/two\n',
  'usr/one': '1',
  'usr/two': '1',
});
const one: ToyPackage = { name: 'one', version: '2', files: { 'usr/one': '2'.repeat(100_000) } };
const two: ToyPackage = { name: 'two', version: '2', files: { 'usr/two': '2'.repeat(100_000) } };

/** Prepares with packages that are what `bytesOf` makes of them. */
async function prepare(packages: readonly ToyPackage[], bytesOf: (pkg: ToyPackage) => Uint8Array = buildDeb) {
  const signal = AbortSignal.timeout(10_000);
  const view = await openToyImage(image);
  const blobs = memoryBlobs();
  const plan = toyPlan(view, packages);
  const open =
    ({ name }: { readonly name: string }) =>
    async () => {
      const pkg = packages.find((other) => other.name === name);
      return Readable.from(pkg ? [bytesOf(pkg)] : []);
    };
  const deps = { blobs, deb: createDebReader() };
  return { blobs, signal, view, preparing: prepareChange({ plan, view, open }, deps, signal, noProgress) };
}

const openSpools = ({ spools }: ReturnType<typeof memoryBlobs>): number =>
  spools.filter(({ closed }) => !closed).length;

describe('unpacked content', () => {
  test('is kept until it is given back, written twice or never', async () => {
    const { blobs, preparing, signal, view } = await prepare([one, two]);
    const prepared = await preparing;
    assert.ok('change' in prepared);
    assert.equal(openSpools(blobs), 2);
    const write = async () => {
      const out = createLayerWriter({
        view,
        store: blobs,
        mediaType: 'application/vnd.oci.image.layer.v1.tar',
        signal,
      });
      await prepared.change.emit(out, signal);
      return (await out.close()).digest;
    };
    assert.equal(await write(), await write());
    await prepared.change.discard();
    await prepared.change.discard();
    assert.equal(openSpools(blobs), 0);
  });

  test('of all packages is given back when one is refused', async () => {
    const refused = { ...two, control: { postinst: '#!/bin/sh\ntrue\n' } };
    const { blobs, preparing } = await prepare([one, refused]);
    const prepared = await preparing;
    assert.ok('rejected' in prepared);
    assert.deepEqual(
      prepared.rejected.map(({ package: name, outcome }) => [name, outcome]),
      [['two', 'needs_script']],
    );
    assert.equal(blobs.spools.length, 2);
    assert.equal(openSpools(blobs), 0);
  });

  test('is given back when a package breaks off', async () => {
    const { blobs, preparing } = await prepare([one, two], (pkg) => {
      const bytes = buildDeb(pkg);
      return pkg.name === 'one' ? bytes : bytes.subarray(0, bytes.length - 50_000);
    });
    const prepared = await preparing;
    assert.ok('rejected' in prepared);
    assert.equal(openSpools(blobs), 0);
  });

  test('is given back when the disk is full', async () => {
    const { blobs, preparing } = await prepare([one, two]);
    const spool = blobs.spool.bind(blobs);
    let calls = 0;
    blobs.spool = async (content) => {
      if (++calls > 1) throw new Error('no space');
      return spool(content);
    };
    await assert.rejects(preparing, /no space/);
    assert.equal(blobs.spools.length, 1);
    assert.equal(openSpools(blobs), 0);
  });
});

test('a new dependency is marked as apt marks it', async () => {
  const mark = (name: string) => `Package: ${name}\nArchitecture: amd64\nAuto-Installed: 1\n\n`;
  const path = 'var/lib/apt/extended_states';
  const marked = Buffer.concat([image.subarray(0, -1024), tar({ [path]: mark('two') })]);
  const added = ['all', 'amd64'].map((arch) => ({ name: `new-${arch}`, version: '1', arch }));
  const result = await applyToyPackages(marked, [one, ...added]);
  assert.ok('view' in result, JSON.stringify(result));
  assert.equal(
    Buffer.from(result.view.small(path) ?? []).toString(),
    mark('two') + mark('new-all') + mark('new-amd64'),
  );
});
