/**
 * How fast pinned rows become a file, in one process on one core, and how much memory that takes, compared with the plain
 * way: every row joined from its cells and written.
 *   node tools/bench/export-rows.ts [rows, default 10,000,000] [format, default csv]
 * Rows are findings of 100,000 images with 300,000 different findings, as in the reference estate.
 */
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createExportFiles } from '../../src/adapters/exports/files.ts';
import { type ExportRow, produce, type RowKeys, selectColumns, writeSnapshot } from '../../src/exports/index.ts';
import { feedOf, sampleImage, samplePlace, sampleSubject } from '../../test/support/export-rows.ts';
import { measure, report } from './measure.ts';

const [role, rowsText = '10000000', format = 'csv', folder = join(tmpdir(), `drydock-bench-${process.pid}`)] =
  process.argv[2] === undefined || /^\d/.test(process.argv[2])
    ? ['main', ...process.argv.slice(2)]
    : process.argv.slice(2);
const rows = Number(rowsText);
const id = '00000000-0000-4000-8000-000000000000';
const signal = new AbortController().signal;
const imageCount = 100_000;
const findingCount = 300_000;

/** Findings of an image follow each other; which ones it has is spread, some far more often than others. */
function* keys(): Generator<RowKeys> {
  let state = 1;
  for (let row = 0; row < rows; row++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const skew = (state / 2 ** 32) ** 3;
    const image = Math.floor((row * imageCount) / rows);
    yield {
      image,
      subject: Math.floor(skew * findingCount),
      place: 0,
      firstSeen: 1_700_000_000_000 + (image % 500) * 60_000,
    };
  }
}

function columns() {
  const selected = selectColumns('finding', format, undefined);
  if ('unknown' in selected) throw new Error(selected.unknown);
  return selected.columns;
}

async function pin(): Promise<void> {
  const facts = {
    images: Array.from({ length: imageCount }, (_, number) => sampleImage(number)),
    subjects: Array.from({ length: findingCount }, (_, number) => sampleSubject(number)),
  };
  const snapshot = await createExportFiles(folder).createSnapshot(id);
  await writeSnapshot(feedOf(keys(), facts), snapshot, { expected: rows, signal });
  await snapshot.close();
}

async function write(): Promise<void> {
  const files = createExportFiles(folder);
  const [snapshot, out] = [await files.openSnapshot(id), await files.openOutput(id)];
  const file = { format: format as 'csv', columns: columns(), bom: true, raw: false, innerManifest: () => ({}) };
  const job = {
    snapshot,
    out,
    file,
    rows,
    from: null,
    byImage: format === 'huawei-zip' ? ('ascending' as const) : null,
    signal,
    progress: () => {},
    checkpoint: async () => {},
  };
  const { bytes } = await produce(job);
  await out.close();
  await files.seal(id, bytes, signal);
  const { user, system } = process.cpuUsage();
  console.log((user + system) / 1e6);
}

/** The reference: cells to text, texts joined, chunks written. */
async function plain(): Promise<void> {
  const own = columns();
  await using file = await open(join(folder, 'plain'), 'w');
  let lines: string[] = [];
  for (const { image, subject, firstSeen } of keys()) {
    const row: ExportRow = {
      image: sampleImage(Number(image)),
      subject: sampleSubject(Number(subject)),
      place: samplePlace,
      firstSeen,
    };
    const cells = own.map((column) => String(column.value(row) ?? ''));
    lines.push(cells.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(','));
    if (lines.length < 5000) continue;
    await file.write(`${lines.join('\r\n')}\r\n`);
    lines = [];
  }
  await file.write(lines.join('\r\n'));
}

async function main(): Promise<void> {
  const run = (name: string) =>
    measure(process.execPath, [fileURLToPath(import.meta.url), name, rowsText, format, folder]);
  try {
    const pinned = await run('pin');
    report({ name: `pin ${rows} rows`, ours: rows / pinned.seconds / 1000, unit: 'k rows/s', peakMiB: pinned.peakMiB });
    const ours = await run('write');
    const reference = await run('plain');
    report({
      name: `write ${rows} rows as ${format}, with checksum`,
      ours: ours.seconds,
      reference: reference.seconds,
      referenceName: 'join and write, no checksum',
      unit: 's',
      peakMiB: ours.peakMiB,
      targetMiB: 700,
    });
    // Seconds of the processor say what one core gives, whatever else this machine does.
    const [wall, cpu] = [rows / ours.seconds / 1000, rows / Number(ours.stdout) / 1000];
    console.log(
      `${Math.round(wall)} k rows/s, ${Math.round(cpu)} k rows per CPU second · target ≥ 200 ${cpu >= 200 ? 'met' : 'MISSED'}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await { main, pin, write, plain }[role as 'main' | 'pin' | 'write' | 'plain']();
