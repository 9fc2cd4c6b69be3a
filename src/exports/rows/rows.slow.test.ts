import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  feedOf,
  fileOptions,
  MemoryFile,
  sampleImage,
  samplePlace,
  sampleSubject,
} from '../../../test/support/export-rows.ts';
import { hasCode } from '../../kernel/index.ts';
import type { ExportImage } from './contract.ts';
import type { FileOptions } from './files/open.ts';
import { produce } from './produce.ts';
import type { RowKeys } from './snapshot/contract.ts';
import { writeSnapshot } from './snapshot/write.ts';

const signal = new AbortController().signal;

/** The hostile cells of group 17 with what a spreadsheet reader must find, written by hand from product.md §6.3. */
const hostile: readonly (readonly [string, string])[] = [
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['|calc', "'|calc"],
  ['\tx', "'\tx"],
  ['\rx', "'\rx"],
  ['\nx', "'\nx"],
  ['＝1', "'＝1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠x', "'＠x"],
  ['｜x', "'｜x"],
  ['\u0000=1', "'=1"],
  ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
  ['a"b,\r\nc', 'a"b,\r\nc'],
  ['lone \ud800 half', 'lone \ufffd half'],
  ['esc \u001b[31m', 'esc \\u001b[31m'],
  ['<img onerror=x> & _x000A_', '<img onerror=x> & _x000A_'],
  ['x'.repeat(40_000), `${'x'.repeat(32_766)}…`],
  [' padded ', ' padded '],
  ['漢字', '漢字'],
];

async function pinned(rows: readonly RowKeys[], images: readonly ExportImage[], subjects = [sampleSubject(1)]) {
  const snapshot = new MemoryFile();
  await writeSnapshot(feedOf(rows, { images, subjects }), snapshot, { expected: rows.length, signal });
  return snapshot;
}

async function bytesOf(snapshot: MemoryFile, rows: number, file: FileOptions): Promise<Buffer> {
  const out = new MemoryFile();
  const job = {
    snapshot,
    out,
    file,
    rows,
    byImage: null,
    from: null,
    signal,
    checkpoint: async () => {},
    progress: () => {},
  };
  const { bytes } = await produce(job);
  assert.equal(bytes, out.bytes.length);
  return out.bytes;
}

/** Runs a Python program over a file and parses what it prints. */
function python(program: string, bytes: Buffer): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-rows-'));
  try {
    const path = join(folder, 'file');
    writeFileSync(path, bytes);
    const result = spawnSync('python3', ['-c', program, path], { maxBuffer: 1 << 28, encoding: 'utf8' });
    assert.equal(result.status, 0, result.stderr);
    return JSON.parse(result.stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const readCsv = `
import csv, json, sys
csv.field_size_limit(10**6)
with open(sys.argv[1], newline='', encoding='utf-8') as f: print(json.dumps(list(csv.reader(f, strict=True))))`;

const hostileImages = hostile.map(([text], index) => sampleImage(index, { repository: text }));
const hostileRows = hostile.map((_, index): RowKeys => ({ image: index, subject: 0, place: 0, firstSeen: 1000 }));

test('CSV: Python reads every hostile cell back, neutralised as documented, in CRLF lines with a header', async () => {
  const snapshot = await pinned(hostileRows, hostileImages);
  const bytes = await bytesOf(snapshot, hostileRows.length, fileOptions());
  const rows = python(readCsv, bytes) as string[][];
  const column = rows[0]?.indexOf('repository') ?? -1;
  assert.deepEqual(
    rows.slice(1).map((row) => row[column]),
    hostile.map(([, text]) => text),
  );
  assert.equal(new Set(rows.map((row) => row.length)).size, 1);
  assert.ok(bytes.toString().endsWith('\r\n'));
  assert.equal(rows[1]?.[rows[0]?.indexOf('firstSeen') ?? -1], '1970-01-01T00:00:01.000Z');
});

test('CSV: raw mode leaves formulas alone and cuts nothing; a byte-order mark comes on request', async () => {
  const snapshot = await pinned(hostileRows, hostileImages);
  const bytes = await bytesOf(snapshot, hostileRows.length, fileOptions({ raw: true, bom: true }));
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const rows = python(readCsv, bytes.subarray(3)) as string[][];
  const column = rows[0]?.indexOf('repository') ?? -1;
  assert.equal(rows[1]?.[column], '=1+1');
  assert.equal(rows[20]?.[column]?.length, 40_000);
});

test('every format has a header or is empty when there are no rows', async () => {
  const snapshot = await pinned([], []);
  assert.match((await bytesOf(snapshot, 0, fileOptions())).toString(), /^project,registry,.*\r\n$/);
  assert.equal((await bytesOf(snapshot, 0, fileOptions({ format: 'jsonl' }))).length, 0);
});

test('JSON Lines: one object a row with typed values', async () => {
  const snapshot = await pinned(hostileRows, hostileImages);
  const lines = (await bytesOf(snapshot, hostileRows.length, fileOptions({ format: 'jsonl' }))).toString().split('\n');
  assert.equal(lines.length, hostile.length + 1);
  const first = JSON.parse(lines[0] ?? '');
  assert.equal(first.repository, '=1+1');
  assert.deepEqual([first.cvss, first.kev, first.paths, first.handledKind], [7.5, false, samplePlace.paths, null]);
});

const readXlsx = `
import json, sys, zipfile, xml.etree.ElementTree as E
n={'m':'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
book=E.fromstring(z.read('xl/workbook.xml'))
out=[]
for i,s in enumerate(book.find('m:sheets',n)):
  rows=[]
  for r in E.fromstring(z.read('xl/worksheets/sheet%d.xml'%(i+1))).iter('{%s}row'%n['m']):
    rows.append([[c.get('t'), (c.findtext('m:is/m:t',None,n) if c.get('t')=='inlineStr' else c.findtext('m:v',None,n)), c.find('m:f',n) is not None] for c in r])
  out.append([s.get('name'),rows])
print(json.dumps(out))`;

test('XLSX: typed inline strings and never a formula; hostile text is read back as it is', async () => {
  const snapshot = await pinned(hostileRows, hostileImages);
  const bytes = await bytesOf(snapshot, hostileRows.length, fileOptions({ format: 'xlsx' }));
  const [[name, rows] = ['', []]] = python(readXlsx, bytes) as [string, [string | null, string | null, boolean][][]][];
  assert.equal(name, 'Rows');
  const column = rows[0]?.findIndex(([, text]) => text === 'repository') ?? -1;
  const cvss = rows[0]?.findIndex(([, text]) => text === 'cvss') ?? -1;
  // No apostrophes: the style says that it is text. `_x000A_` is stored so that spreadsheets show it as it is.
  const expected = hostile.map(([, text]) => text.replace(/^'/, '').replace('_x000A_', '_x005F_x000A_'));
  assert.deepEqual(
    rows.slice(1).map((row) => row[column]?.[1]),
    expected,
  );
  assert.ok(rows.flat().every(([, , formula]) => !formula));
  assert.deepEqual(rows[1]?.[cvss], [null, '7.5', false]);
});

const readZip = `
import json, sys, zipfile, hashlib
z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
print(json.dumps([[i.filename, list(i.date_time), i.compress_type, hashlib.sha256(z.read(i)).hexdigest(), z.read(i).decode('utf-8')[:200], z.read(i).count(b'\\r\\n')] for i in z.infolist()]))`;

test('Huawei archive: real ZIP with fixed times, a CSV with a mark and a manifest with its checksum', async () => {
  const snapshot = await pinned(hostileRows, hostileImages);
  const bytes = await bytesOf(snapshot, hostileRows.length, fileOptions({ format: 'huawei-zip' }));
  const entries = python(readZip, bytes) as [string, number[], number, string, string, number][];
  assert.deepEqual(
    entries.map(([name]) => name),
    ['image-local-vulnerabilities.csv', 'manifest.json'],
  );
  const [csv, manifest] = entries;
  assert.deepEqual([csv?.[1], csv?.[2]], [[1980, 1, 1, 0, 0, 0], 8]);
  assert.match(
    csv?.[4] ?? '',
    /^\ufeffimage_name,image_version,image_id,image_digest,local_image_type,image_size,host_name/,
  );
  assert.match(manifest?.[4] ?? '', new RegExp(`"sha256": "${csv?.[3]}"`));
  assert.deepEqual(await bytesOf(snapshot, hostileRows.length, fileOptions({ format: 'huawei-zip' })), bytes);
});

test('rows that are not those counted make the order fail, and a damaged snapshot the production', async () => {
  const rows = [{ image: 0, subject: 0, place: 0, firstSeen: 1 }];
  const facts = { images: [sampleImage(0)], subjects: [sampleSubject(0)] };
  const write = (expected: number) => writeSnapshot(feedOf(rows, facts), new MemoryFile(), { expected, signal });
  await assert.rejects(write(2), (error) => hasCode(error, 'rows_changed'));
  assert.equal(await write(1), 1);
  const snapshot = await pinned(rows, facts.images);
  await assert.rejects(bytesOf(snapshot, 2, fileOptions()), (error) => hasCode(error, 'rows_mismatch'));
  snapshot.bytes = snapshot.bytes.subarray(0, snapshot.bytes.length - 9);
  await assert.rejects(bytesOf(snapshot, 1, fileOptions()), (error) => hasCode(error, 'snapshot_damaged'));
});
