import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { handleOf } from '../../test/support/image-handle.ts';
import { buildTestImage, tar } from '../../test/support/test-image.ts';
import { chainIds, type Digest, digestOf } from '../image/index.ts';
import { baseLayerCount, findBase } from './base-image.ts';
import { reportImage } from './report-image.ts';

/** `+` before an instruction: it made a layer. */
const history = (lines: readonly string[]) =>
  lines.map((line) => ({ createdBy: line.replace(/^\+/, ''), emptyLayer: !line.startsWith('+') }));

const debian = ['+/bin/sh -c #(nop) ADD file:1 in / ', '/bin/sh -c #(nop)  CMD ["bash"]'];

const rows: readonly { name: string; lines: readonly string[]; base: number | null }[] = [
  {
    name: 'classic builder',
    lines: [...debian, '+/bin/sh -c apt-get update', '/bin/sh -c #(nop) CMD ["app"]'],
    base: 1,
  },
  {
    name: 'BuildKit',
    lines: ['+# debian.sh --arch amd64', 'CMD ["bash"]', '+RUN /bin/sh -c make # buildkit', 'ENTRYPOINT ["/app"]'],
    base: 1,
  },
  { name: 'windows', lines: ['+Apply image', 'cmd /S /C #(nop)  CMD ["cmd"]', '+cmd /S /C build'], base: 1 },
  { name: 'base of a base', lines: [...debian, '+RUN tools', 'CMD ["python3"]', '+COPY . /app'], base: 2 },
  {
    name: 'base with an entry point and a command',
    lines: ['+ADD', 'ENTRYPOINT ["e"]', 'CMD ["c"]', '+RUN x'],
    base: 1,
  },
  { name: 'a base image itself', lines: debian, base: null },
  { name: 'no command at all', lines: ['+ADD', '+RUN x'], base: null },
  { name: 'a command before the first layer', lines: ['CMD ["a"]', '+ADD'], base: null },
  {
    name: 'a command line that only mentions CMD',
    lines: ['+ADD', 'ENV A=CMD', 'ENV #(nope) CMD', '+RUN CMD'],
    base: null,
  },
  { name: 'a layer that a CMD made', lines: ['+CMD ["bash"]', '+RUN x'], base: null },
  {
    name: 'a fixed image keeps the base it had',
    lines: [...debian, '+RUN x', 'CMD ["app"]', '+drydock fix: 2 packages from signed dpkg archives'],
    base: 1,
  },
  { name: 'a fixed base image', lines: [...debian, '+drydock fix: 1 package from signed dpkg archives'], base: null },
  { name: 'nothing', lines: [], base: null },
];

for (const { name, lines, base } of rows) {
  test(`base layers: ${name}`, () => {
    const entries = history(lines);
    assert.equal(baseLayerCount(entries, entries.filter(({ emptyLayer }) => !emptyLayer).length), base);
  });
}

test('base layers: a history of other length tells nothing', () => {
  assert.equal(baseLayerCount(history([...debian, '+RUN x']), 3), null);
  assert.equal(baseLayerCount(undefined, 1), null);
});

test('the report says of each layer whether it is of the base', async () => {
  const [lower, upper] = [tar({ a: '1' }), tar({ b: '2' })];
  const image = (created: readonly string[]) =>
    buildTestImage([lower, upper], {
      config: {
        history: history(created).map(({ createdBy, emptyLayer }) => ({
          created_by: createdBy,
          empty_layer: emptyLayer,
        })),
      },
    });
  const bases = async (created: readonly string[]) => {
    const handle = handleOf(image(created));
    return reportImage(handle, undefined, undefined, await findBase(handle)).layers.map(({ base }) => base);
  };
  assert.deepEqual(await bases([...debian, '+RUN x']), [true, false]);
  assert.deepEqual(await bases(['+ADD', '+RUN x']), [null, null]);
});

/** Images that a scan knows, by the number of the lower layers that they share with the image of the test. */
function knownImages(
  images: readonly { layers: number; digest: Digest; index?: Digest }[],
  diffIds: readonly Digest[],
) {
  const chains = chainIds(diffIds);
  const all = images.map(({ layers, digest, index }) => {
    return { chain: chains[layers - 1] as Digest, digest, indexDigests: index === undefined ? [] : [index] };
  });
  return { withChains: async (asked: readonly Digest[]) => all.filter(({ chain }) => asked.includes(chain)) };
}

test('a base is the known image of the label where that lies below, else the longest known run of layers', async () => {
  const layers = [tar({ a: '1' }), tar({ b: '2' }), tar({ c: '3' })];
  const [small, large, index] = [digestOf('small'), digestOf('large'), digestOf('index')];
  const label = (named?: string) => (named === undefined ? {} : { config: { Labels: { [name]: named } } });
  const name = 'org.opencontainers.image.base.digest';
  const find = async (images: Parameters<typeof knownImages>[0], named?: string) => {
    const handle = handleOf(buildTestImage(layers, { config: label(named) }));
    return findBase(
      handle,
      knownImages(
        images,
        handle.layers.map(({ diffId }) => diffId),
      ),
    );
  };
  const both = [
    { layers: 1, digest: small, index },
    { layers: 2, digest: large },
  ];
  assert.deepEqual(await find(both), { method: 'layers', layers: 2, digest: large });
  assert.deepEqual(await find(both, small), { method: 'label', layers: 1, digest: small });
  assert.deepEqual(await find(both, index), { method: 'label', layers: 1, digest: small }, 'builders name the index');
  assert.deepEqual(await find(both, digestOf('elsewhere')), { method: 'layers', layers: 2, digest: large });
  assert.equal(await find([]), null);
  assert.equal(await find([{ layers: 3, digest: large }]), null, 'an image is not its own base');
});

test('ChainIDs: as the OCI image specification defines them', () => {
  const [one, two] = [digestOf('1'), digestOf('2')];
  // Computed with coreutils: printf "%s %s" "$one" "$two" | sha256sum.
  const both = createHash('sha256').update(`${one} ${two}`).digest('hex');
  assert.deepEqual(chainIds([one, two]), [one, `sha256:${both}`]);
  assert.deepEqual(chainIds([]), []);
});
