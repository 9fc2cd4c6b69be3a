import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Cataloger, type Ecosystem, ecosystems } from '../../src/ecosystems/index.ts';
import { factLayers } from '../support/fact-layers.ts';
import { zipArchive } from '../support/zip-archive.ts';

/** One honest file for each parser; mutations of them are what the parsers get. */
const samples: Readonly<Record<string, string | Uint8Array>> = {
  'node_modules/a/package.json': '{"name":"@s/a","version":"1.0.0","x":[{"y":"\\u0041"}]}',
  'node_modules/.package-lock.json': '{"packages":{"node_modules/a":{"version":"1.0.0","dev":true}}}',
  'p/.yarn/cache/a.zip': zipArchive([
    { name: 'node_modules/a/package.json', content: '{"name":"a","version":"1.0.0"}' },
  ]),
  'a-1.dist-info/METADATA': 'Metadata-Version: 2.1\nName: a\nVersion: 1.0\nDescription: x\n  y\n\nbody',
  'a-1.dist-info/direct_url.json': '{"url":"file:///x","dir_info":{"editable":true}}',
  'pip/_vendor/vendor.txt': 'a==1.0\n    b[x]==2.0  # c\n',
  'a-1.0-py3-none-any.whl': 'PK\u0003\u0004',
  'conda-meta/a.json': '{"name":"a","version":"1.0","build":"0","channel":"https://x/y/noarch","subdir":"noarch"}',
  'package-lock.json':
    '{"packages":{"node_modules/a":{"version":"1.0.0","name":"b"}},"dependencies":{"a":{"version":"npm:b@1"}}}',
  'yarn.lock': '"@s/a@^1.0.0":\n  version "1.0.2"\n\n"b@npm:^1":\n  version: 1.0.0\n  resolution: "b@npm:1.0.0"\n',
  'pnpm-lock.yaml': "lockfileVersion: 5.4\npackages:\n\n  /@s/a/1.0.0_b@2:\n    x: {}\n  'c@1.0.0':\n",
  'bun.lock': '{"packages":{"a":["a@1.0.0","",{},"sha512-"],},}',
  'deno.lock': '{"npm":{"@s/a@1.0.0_b@2":{}}}',
  'requirements.txt': 'a[b]==1.0 ; x # y\nc===2\n',
  'Pipfile.lock': '{"default":{"a":{"version":"==1.0"}}}',
  'uv.lock': '[[package]]\nname = "a"\nversion = "1.0"\nsource = { registry = "x" }\n[package.x]\ny = """\nz"""\n',
  'pylock.toml': "[[packages]]\nname = 'a'\nversion = '1.0'\n[packages.directory]\n",
  'conda-lock.yml': 'package:\n- name: a\n  version: 1.0\n  manager: conda\n  url: https://x/y/noarch/a-1.0-0.conda\n',
  'conda-x.lock': '@EXPLICIT\nhttps://x/y/noarch/a-1.0-0.tar.bz2#abc\n',
};

const worlds = ecosystems.filter(({ id }) => ['npm', 'pypi', 'conda'].includes(id));
const catalogersOf = ({ catalogers, declared = [] }: Ecosystem): readonly Cataloger[] => [...catalogers, ...declared];

const piece = fc.constantFrom(
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '\n',
  '\r',
  ' ',
  '@',
  '/',
  '==',
  '1.0.0',
  '\u0000',
  '\ud800',
  "'",
  '#',
  'PK',
);
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat({ max: 20 }),
  insert: fc.oneof(piece, fc.string({ maxLength: 5 }), fc.uint8Array({ maxLength: 4 })),
});

function mutate(
  content: string | Uint8Array,
  changes: readonly { at: number; cut: number; insert: string | Uint8Array }[],
): Buffer {
  let bytes = Buffer.from(content as string);
  for (const { at, cut, insert } of changes) {
    const place = Math.floor(at * bytes.length);
    bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(insert as string), bytes.subarray(place + cut)]);
  }
  return bytes;
}

for (const [path, content] of Object.entries(samples)) {
  test(`12: mutations of ${path}`, async () => {
    const property = fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 5 }), async (changes) => {
      const files = { ...samples, [path]: mutate(content, changes) };
      for (const { analysis, coalesce } of worlds.flatMap(catalogersOf)) {
        const { layers, view } = await factLayers(() => analysis.visitor(), [files]);
        const kept = layers.map((layer) => ({ ...layer, facts: JSON.parse(JSON.stringify(layer.facts)) as unknown }));
        const { packages, diagnostics } = coalesce({ layers: kept, view, os: undefined });
        for (const { purl, name, version } of packages) {
          assert.match(purl, /^pkg:(npm|pypi|conda)\/[!-~]+$/);
          assert.match(`${name} ${version}`, /^[!-~]{1,430} [!-~]{1,256}$/);
        }
        for (const { message } of diagnostics) assert.ok(message.length < 2_000);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });
}

test('13: any text is compared or refused by every order of versions', () => {
  const text = fc.oneof(fc.string({ maxLength: 40 }), fc.stringMatching(/^[0-9.a-z+!v_-]{0,40}$/));
  fc.assert(
    fc.property(text, text, (a, b) => {
      for (const { versions } of worlds) {
        if (!versions.valid(a) || !versions.valid(b)) continue;
        assert.equal(Math.sign(versions.compare(a, b)) + Math.sign(versions.compare(b, a)), 0);
        assert.equal(versions.compare(a, a), 0);
      }
    }),
    { numRuns: 3_000 },
  );
});
