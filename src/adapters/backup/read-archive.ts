import { createHash } from 'node:crypto';
import { type Entry, open, type ZipFile } from 'yauzl';
import { BackupError } from './errors.ts';
import { decodeManifest, type Manifest, type ManifestTable } from './manifest.ts';
import { decodeRow, linesOf } from './rows.ts';

const maxEntries = 1000;
const maxManifestBytes = 1024 * 1024;

/** An archive that was opened; nothing of it is believed before its checksum was compared. */
export interface Archive extends AsyncDisposable {
  readonly manifest: Manifest;
  /** Rows of one table. @throws BackupError `archive_invalid` at the end, when number or checksum differ */
  rows(table: ManifestTable): AsyncGenerator<unknown[]>;
}

/** Opens an archive. @throws BackupError `archive_invalid`, `archive_tampered`; ENOENT */
export async function openArchive(file: string, passphrase: string | undefined): Promise<Archive> {
  const zip = await openZip(file);
  try {
    const entries = await entriesOf(zip);
    const manifest = decodeManifest(await readManifest(zip, entries.get('manifest.json')), passphrase);
    return {
      manifest,
      rows: (table) => tableRows(zip, entries.get(table.entry), table),
      [Symbol.asyncDispose]: async () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error instanceof BackupError || hasSystemCode(error) ? error : invalid(error);
  }
}

async function* tableRows(zip: ZipFile, entry: Entry | undefined, table: ManifestTable): AsyncGenerator<unknown[]> {
  if (entry === undefined) throw new BackupError('archive_invalid', `the archive lacks the table ${table.name}`);
  const hash = createHash('sha256');
  let rows = 0;
  const hashed = async function* (stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream) {
      hash.update(chunk);
      yield chunk;
    }
  };
  try {
    for await (const line of linesOf(hashed(await readStream(zip, entry)))) {
      rows++;
      yield decodeRow(line, table.columns.length);
    }
  } catch (error) {
    throw error instanceof BackupError ? error : invalid(error);
  }
  if (rows !== table.rows || hash.digest('hex') !== table.sha256) {
    throw new BackupError('archive_invalid', `the table ${table.name} of the archive is not what its checksum says`, {
      hint: 'The archive is damaged or was changed; use another one.',
    });
  }
}

function openZip(file: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(file, { autoClose: false, lazyEntries: true, validateEntrySizes: true }, (error, zip) => {
      if (error) reject(hasSystemCode(error) ? error : invalid(error));
      else resolve(zip);
    });
  });
}

function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on('entry', (entry: Entry) => {
      if (entries.size >= maxEntries || entries.has(entry.fileName)) {
        reject(new BackupError('archive_invalid', 'the archive has too many or doubled entries'));
        return;
      }
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', reject);
    zip.readEntry();
  });
}

function readStream(zip: ZipFile, entry: Entry): Promise<AsyncIterable<Uint8Array>> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(invalid(error)) : resolve(stream)));
  });
}

async function readManifest(zip: ZipFile, entry: Entry | undefined): Promise<Buffer> {
  if (entry === undefined || entry.uncompressedSize > maxManifestBytes) {
    throw new BackupError('archive_invalid', 'this is not a backup archive of Drydock');
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of await readStream(zip, entry)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function invalid(cause: unknown): BackupError {
  return new BackupError('archive_invalid', 'the archive is damaged', { cause, hint: 'Use another archive.' });
}

function hasSystemCode(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
