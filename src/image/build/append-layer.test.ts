import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ImageError } from '../errors.ts';
import { appendToConfig, appendToManifest, replaceInIndex, replaceTopInConfig } from './append-layer.ts';
import { JsonSplice } from './json-splice.ts';

const digest = (letter: string): `sha256:${string}` => `sha256:${letter.repeat(64)}`;
const added = {
  diffId: digest('9'),
  historyEntry: { created: '2026-01-01T00:00:00Z', created_by: 'drydock' },
  created: '2026-01-01T00:00:00Z',
  labels: { 'io.drydock.fix.plan': 'p' },
};
const entry = JSON.stringify(added.historyEntry);

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const unsupported = (error: unknown): boolean => error instanceof ImageError && error.code === 'unsupported_image';

describe('config splice', () => {
  it('inserts four things and leaves every other byte', () => {
    const before = `{
   "architecture" : "amd64", "x-number": 1.50e+2,
   "config": {"Env":["A=\\u0041"], "Labels": {"a":"b"}, "OnBuild":null},
   "created": "2001-01-01T00:00:00Z",
   "history": [
      {"created_by":"ADD"}
   ],
   "rootfs": {"type":"layers","diff_ids":[ "${digest('1')}" ]}
}
`;
    const after = before
      .replace('{"a":"b"}', '{"a":"b","io.drydock.fix.plan":"p"}')
      .replace('2001-01-01', '2026-01-01')
      .replace('{"created_by":"ADD"}', `{"created_by":"ADD"},\n      ${entry}`)
      .replace(`"${digest('1')}"`, `"${digest('1')}", "${digest('9')}"`);
    const changed = appendToConfig(Buffer.from(before), added);
    assert.equal(text(changed.bytes), after);
    assert.deepEqual(changed.diagnostics, []);
  });

  it('replaces our layer, even when empty layers were added above', () => {
    const before = `{"rootfs":{"diff_ids":["${digest('1')}","${digest('2')}"]},"created":"x","history":[{"n":1},{"n":2},{"empty_layer":true,"n":3}]}`;
    const { bytes } = replaceTopInConfig(Buffer.from(before), { ...added, labels: {} });
    assert.equal(
      text(bytes),
      before.replace(digest('2'), digest('9')).replace('{"n":2}', entry).replace('"x"', `"${added.created}"`),
    );
  });

  it('copes with what is missing or null', () => {
    const cases: [string, string][] = [
      [
        '{"rootfs":{},"history":[]}',
        `{"rootfs":{"diff_ids":["${added.diffId}"]},"history":[${entry}],"created":"${added.created}","config":{"Labels":{"io.drydock.fix.plan":"p"}}}`,
      ],
      [
        '{"rootfs":{"diff_ids":null},"config":{"Labels":null},"created":null,"history":[]}',
        `{"rootfs":{"diff_ids":["${added.diffId}"]},"config":{"Labels":{"io.drydock.fix.plan":"p"}},"created":"${added.created}","history":[${entry}]}`,
      ],
      [
        '{"config":{},"rootfs":{"diff_ids":[]},"history":[]}',
        `{"config":{"Labels":{"io.drydock.fix.plan":"p"}},"rootfs":{"diff_ids":["${added.diffId}"]},"history":[${entry}],"created":"${added.created}"}`,
      ],
    ];
    for (const [before, after] of cases) assert.equal(text(appendToConfig(Buffer.from(before), added).bytes), after);
  });

  it('adds several labels to an empty map', () => {
    const { bytes } = appendToConfig(Buffer.from('{"config":{"Labels":{ }},"rootfs":{"diff_ids":[]},"history":[]}'), {
      ...added,
      labels: { a: '1', b: '2' },
    });
    assert.deepEqual(JSON.parse(text(bytes)).config.Labels, { a: '1', b: '2' });
  });

  it('leaves an absent history alone and says so', () => {
    for (const history of ['', ',"history":null']) {
      const { bytes, diagnostics } = appendToConfig(Buffer.from(`{"rootfs":{"diff_ids":[]}${history}}`), added);
      assert.ok(!text(bytes).includes('created_by'));
      assert.deepEqual(
        diagnostics.map(({ code }) => code),
        ['history_absent'],
      );
    }
  });

  const refused: [string, string][] = [
    ['a key twice', '{"rootfs":{"diff_ids":[]},"history":[],"history":[]}'],
    ['a key twice, one escaped', '{"rootfs":{"diff_ids":[]},"\\u0072ootfs":{}}'],
    ['a key in two cases', '{"rootfs":{"diff_ids":[],"Diff_IDs":[]}}'],
    ['labels twice', '{"rootfs":{"diff_ids":[]},"config":{"Labels":{},"Labels":{}}}'],
    ['a text as history', '{"rootfs":{"diff_ids":[]},"history":"x"}'],
    ['a list as labels', '{"rootfs":{"diff_ids":[]},"config":{"Labels":[]}}'],
    ['no rootfs', '{}'],
    ['no JSON', '{"rootfs":{}'],
    ['deep nesting', `{"rootfs":{},"x":${'['.repeat(70)}${']'.repeat(70)}}`],
  ];
  for (const [name, config] of refused) {
    it(`refuses ${name}`, () => assert.throws(() => appendToConfig(Buffer.from(config), added), unsupported));
  }

  it('minds no duplicates that it does not touch', () => {
    const config = '{"rootfs":{"diff_ids":[]},"x":{"y":1,"y":2},"history":[]}';
    assert.ok(text(appendToConfig(Buffer.from(config), added).bytes).includes('{"y":1,"y":2}'));
  });

  it('refuses to replace the top of an image without layers', () => {
    assert.throws(() => replaceTopInConfig(Buffer.from('{"rootfs":{"diff_ids":[]}}'), added), unsupported);
  });
});

describe('manifest splice', () => {
  const before = `{"schemaVersion":2, "config": {"mediaType":"c","size": 10,"digest":"${digest('1')}"},\n "layers":[{"mediaType":"l","digest":"${digest('2')}","size":1}]}`;
  const change = {
    config: { digest: digest('3'), size: 33 },
    layer: { mediaType: 'n', digest: digest('4'), size: 44, annotations: { k: 'v' } },
    annotations: { a: 'b' },
  };
  const layer = `{"mediaType":"n","digest":"${digest('4')}","size":44,"annotations":{"k":"v"}}`;

  it('appends a layer', () => {
    assert.equal(
      text(appendToManifest(Buffer.from(before), change)),
      before
        .replace('"size": 10', '"size": 33')
        .replace(digest('1'), digest('3'))
        .replace('"size":1}]}', `"size":1},${layer}],"annotations":{"a":"b"}}`),
    );
  });

  it('replaces the top layer and adds no empty annotations', () => {
    const after = JSON.parse(
      text(appendToManifest(Buffer.from(before), { ...change, annotations: {}, replaceTop: true })),
    );
    assert.deepEqual(after.layers, [JSON.parse(layer)]);
    assert.equal(after.annotations, undefined);
  });

  it('refuses descriptors with embedded content', () => {
    assert.throws(
      () => appendToManifest(Buffer.from(before.replace('"size": 10', '"size": 10,"data":"e30="')), change),
      unsupported,
    );
  });
});

describe('index splice', () => {
  const item = (letter: string): string => `{ "digest":"${digest(letter)}", "size" : 7, "platform":{"os":"linux"} }`;
  const indexOf = (letters: string): string => `{"manifests":[\n ${[...letters].map(item).join(' ,\n ')}\n],"z":1}`;

  it('changes digest and size only', () => {
    const before = indexOf('abc');
    const after = replaceInIndex(
      Buffer.from(before),
      new Map([[digest('b'), { digest: digest('d'), size: 8 }]]),
      new Set(),
    );
    assert.equal(text(after), before.replace(item('b'), item('b').replace(digest('b'), digest('d')).replace('7', '8')));
  });

  it('drops any selection and keeps the others byte by byte', () => {
    fc.assert(
      fc.property(fc.subarray([...'abcdef']), (gone) => {
        const bytes = replaceInIndex(Buffer.from(indexOf('abcdef')), new Map(), new Set(gone.map(digest)));
        const kept = [...'abcdef'].filter((letter) => !gone.includes(letter));
        assert.deepEqual(JSON.parse(text(bytes)), JSON.parse(indexOf(kept.join(''))));
        for (const letter of kept) assert.ok(text(bytes).includes(item(letter)));
      }),
    );
  });
});

describe('JSON splice', () => {
  it('changes nothing when nothing is asked', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const bytes = Buffer.from(JSON.stringify(value, undefined, indent));
        assert.deepEqual(Buffer.from(new JsonSplice(bytes).finish()), bytes);
      }),
    );
  });

  it('sets one member and leaves the others as they were', () => {
    const key = fc.string({ unit: fc.constantFrom('a', '"', '\\', 'ä', '{', ','), maxLength: 4 });
    const object = fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 });
    fc.assert(
      fc.property(object, fc.integer({ min: 0, max: 2 }), fc.nat(10), (value, indent, pick) => {
        const keys = Object.keys(value);
        const name = keys[pick] ?? 'new';
        const splice = new JsonSplice(Buffer.from(JSON.stringify(value, undefined, indent)));
        splice.set(splice.root, name, 'set');
        const after = text(splice.finish());
        assert.deepEqual(JSON.parse(after), JSON.parse(JSON.stringify({ ...value, [name]: 'set' })));
      }),
    );
  });
});
