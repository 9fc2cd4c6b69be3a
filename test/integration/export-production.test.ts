import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectColumns } from '../../src/exports/rows/columns/catalogue.ts';
import { type ProductionCheckpoint, produce } from '../../src/exports/rows/produce.ts';
import type { RowKeys } from '../../src/exports/rows/snapshot/contract.ts';
import { writeSnapshot } from '../../src/exports/rows/snapshot/write.ts';
import { feedOf, fileOptions, MemoryFile, sampleImage, sampleSubject } from '../support/export-rows.ts';

const signal = new AbortController().signal;

test('a production that is continued from any checkpoint gives the same bytes', async () => {
  const count = 2_100_000;
  const images = Array.from({ length: 50 }, (_, index) => sampleImage(index));
  const subjects = Array.from({ length: 400 }, (_, index) => sampleSubject(index));
  const snapshot = new FileBuffer();
  await writeSnapshot(feedOf(manyRows(count), { images, subjects }), snapshot, { expected: count, signal });
  for (const format of ['csv', 'huawei-zip'] as const) {
    const columns = selectColumns(
      'finding',
      format,
      format === 'csv' ? ['tag', 'vulnerability', 'firstSeen'] : ['image_version', 'vul_id'],
    );
    assert.ok('columns' in columns);
    const file = fileOptions({ format, columns: columns.columns });
    const states: ProductionCheckpoint[] = [];
    const byImage = format === 'csv' ? null : ('ascending' as const);
    const job = { snapshot, file, byImage, rows: count, signal, progress: () => {} };
    const whole = new FileBuffer();
    const checkpoint = async (state: ProductionCheckpoint): Promise<void> => {
      states.push(JSON.parse(JSON.stringify(state)));
    };
    const { parts } = await produce({ ...job, out: whole, from: null, checkpoint });
    assert.equal(
      parts.reduce((sum, part) => sum + part.rows, 0),
      count,
    );
    assert.ok(states.length >= 2, `${format}: ${states.length} checkpoints`);
    for (const from of states) {
      const out = new FileBuffer();
      await out.write(whole.bytes.subarray(0, (from.file as { position: number }).position), 0);
      await produce({ ...job, out, from, checkpoint: async () => {} });
      assert.ok(out.bytes.equals(whole.bytes), format);
    }
  }
});

function* manyRows(count: number): Generator<RowKeys> {
  for (let row = 0; row < count; row++) {
    yield { image: Math.floor((row * 50) / count), subject: (row * 7) % 400, place: 0, firstSeen: row % 1000 };
  }
}

/** A memory file that grows by doubling, for large content. */
class FileBuffer extends MemoryFile {
  #space = Buffer.alloc(1 << 20);
  #length = 0;

  override async write(bytes: Uint8Array, position = this.#length): Promise<void> {
    const end = position + bytes.length;
    if (end > this.#space.length) {
      const larger = Buffer.alloc(Math.max(end, this.#space.length * 2));
      larger.set(this.#space);
      this.#space = larger;
    }
    this.#space.set(bytes, position);
    this.#length = Math.max(this.#length, end);
    this.bytes = this.#space.subarray(0, this.#length);
  }
}
