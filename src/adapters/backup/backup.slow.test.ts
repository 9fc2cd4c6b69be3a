import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeManifest, encodeManifest, type Manifest, openKey, passphraseOf, sealKey } from './manifest.ts';
import { decodeRow, encodeRow, linesOf } from './rows.ts';

const passphrase = passphraseOf('correct horse');
const manifest: Manifest = {
  ...{ format: 1, createdAt: '2026-11-20T10:00:00.000Z', version: '1.2.3', schema: 5, engine: 'sqlite' },
  tables: [{ name: 'setting', columns: ['key', 'value'], entry: 'tables/001-setting.jsonl', rows: 0, sha256: '00' }],
  key: sealKey(Buffer.alloc(32, 1), passphrase),
};

test('the master key comes out with the passphrase only', () => {
  const decoded = decodeManifest(Buffer.from(encodeManifest(manifest, passphrase)), 'correct horse');
  assert.deepEqual(decoded, manifest);
  assert.deepEqual(
    openKey(decoded.key as never, passphraseOf('correct horse', decoded.key?.salt)),
    Buffer.alloc(32, 1),
  );
  const wrong = passphraseOf('battery staple', decoded.key?.salt);
  assert.throws(() => openKey(decoded.key as never, wrong), { code: 'passphrase_wrong' });
});

test('a manifest that was changed is refused by whoever knows the passphrase', () => {
  const changed = { ...manifest, version: '1.2.4' };
  const forged = JSON.stringify({
    ...JSON.parse(encodeManifest(manifest, passphrase)),
    manifest: JSON.stringify(changed),
  });
  assert.throws(() => decodeManifest(Buffer.from(forged), 'correct horse'), { code: 'archive_tampered' });
  assert.throws(() => decodeManifest(Buffer.from(encodeManifest(manifest, undefined)), 'correct horse'), {
    code: 'archive_tampered',
  });
});

test('what is no manifest is refused', () => {
  for (const text of [
    '',
    '{}',
    '[]',
    '{"manifest":"{}"}',
    encodeManifest({ ...manifest, format: 2 as never }, undefined),
  ]) {
    assert.throws(() => decodeManifest(Buffer.from(text), undefined), { code: 'archive_invalid' });
  }
});

test('rows survive as lines, whatever the pieces they come in', async () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.constant(null), fc.uint8Array());
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(value, value), { maxLength: 20 }),
      fc.integer({ min: 1, max: 50 }),
      async (rows, size) => {
        const bytes = Buffer.from(rows.map((row) => encodeRow(row)).join(''));
        const pieces = async function* (): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        };
        const back: unknown[][] = [];
        for await (const line of linesOf(pieces())) back.push(decodeRow(line, 2));
        const plain = (item: unknown): unknown => (item instanceof Uint8Array ? Buffer.from(item) : item);
        assert.deepEqual(
          back,
          rows.map((row) => row.map(plain)),
        );
      },
    ),
  );
});

test('rows that are cut, too long or of another shape are refused', async () => {
  const read = async (text: string, limit?: number): Promise<void> => {
    for await (const line of linesOf(pieces(text), limit)) decodeRow(line, 2);
  };
  for (const text of ['[1,2]', '[1]\n', '{}\n', '[1,{"x":1}]\n', 'nonsense\n']) {
    await assert.rejects(read(text), { code: 'archive_invalid' }, text);
  }
  await assert.rejects(read(`["${'a'.repeat(100)}",1]\n`, 50), { code: 'archive_invalid' });
});

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += 10) yield Buffer.from(text.slice(at, at + 10));
}
