import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handleOf } from '../../test/support/image-handle.ts';
import { buildTestImage, tar } from '../../test/support/test-image.ts';
import { baseLayerCount } from './base-image.ts';
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

test('the report says of each layer whether it is of the base', () => {
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
  const bases = (created: readonly string[]) =>
    reportImage(handleOf(image(created)), undefined, undefined).layers.map(({ base }) => base);
  assert.deepEqual(bases([...debian, '+RUN x']), [true, false]);
  assert.deepEqual(bases(['+ADD', '+RUN x']), [null, null]);
});
