import { createHash } from 'node:crypto';
import type { BlobStore, FileEntry, OwnerNames, Spooled } from '../../../../image/index.ts';
import type { Upgrade } from '../../../fix-contract.ts';
import type { DebControl, DebReader, OpenPackage } from '../../deb/contract.ts';
import { type DpkgPackage, readRecord } from '../database.ts';
import type { Stanza } from '../stanza.ts';
import { type ConffileLine, readConffileLines } from './conffile-table.ts';
import { ApplyError } from './errors.ts';
import { linesOf } from './path-text.ts';
import { readControlStanza } from './status.ts';

/** An entry of a package's archive with the hashes of its content. */
export interface PackagedEntry {
  /** Place in the archive. */
  readonly index: number;
  readonly entry: FileEntry;
  /** Hex; regular files only. */
  readonly sha256: string | undefined;
  readonly md5: string | undefined;
}

/** Content that may go into the layer, unpacked once and kept on disk until the layer is written. */
export interface Spool {
  readonly bytes: Spooled;
  /** By place in the archive. */
  readonly ranges: ReadonlyMap<number, { readonly offset: number; readonly length: number }>;
}

/** One package of the plan, read completely except for its file bodies. */
export interface PackageContents {
  readonly upgrade: Upgrade;
  /** The installed record that it replaces. */
  readonly old: DpkgPackage | undefined;
  readonly open: OpenPackage;
  readonly control: DebControl;
  readonly stanza: Stanza;
  /** The control file as a record; its state fields mean nothing. */
  readonly record: DpkgPackage;
  readonly conffiles: readonly ConffileLine[];
  readonly entries: readonly PackagedEntry[];
  /** Bodies of the small files that handlers read, by packaged path. */
  readonly kept: ReadonlyMap<string, Uint8Array>;
  readonly spool: Spool | undefined;
}

/** How a package's payload is read. */
export interface ReadPayload {
  readonly deb: DebReader;
  readonly blobs: BlobStore;
  /** Gives an entry the numbers that its owner has in the image. */
  readonly own: (entry: FileEntry, owner: OwnerNames) => FileEntry;
  /** Whether content of this hash already lies where the package would put it. */
  readonly unchanged: (entry: FileEntry, sha256: string) => boolean;
  /** Whether the body is to be kept in memory (at most {@link keptBytes}). */
  readonly keep: (path: string) => boolean;
}

/** Largest body that is kept for handlers; a Debian changelog or a certificate is far smaller. */
const keptBytes = 4 << 20;
/** Files up to this size are judged before they are spooled; larger ones are spooled in any case. */
const heldBytes = 4 << 20;

/** Reads the control archive and checks that it is the package of the plan. @throws ApplyError, DebError */
export async function readPackageControl(
  upgrade: Upgrade,
  open: OpenPackage,
  deb: DebReader,
  signal: AbortSignal,
): Promise<Pick<PackageContents, 'control' | 'stanza' | 'record' | 'conffiles'>> {
  const control = await deb.readControl(open, signal);
  const stanza = readControlStanza(control.files.get('control')?.bytes, upgrade.name);
  const record = readRecord(stanza, '', false);
  if (record?.name !== upgrade.name || record.version !== upgrade.to || record.arch !== upgrade.arch) {
    throw new ApplyError('unsupported', `the package file is not ${upgrade.name} ${upgrade.to} (${upgrade.arch})`);
  }
  const conffiles = readConffileLines(linesOf(control.files.get('conffiles')?.bytes));
  return { control, stanza, record, conffiles };
}

/**
 * Streams the payload once: hashes every file and spools those whose content the image does not have. Xz is by far
 * the dearest step of a fix, so nothing is unpacked a second time.
 */
export async function readPackagePayload(
  open: OpenPackage,
  how: ReadPayload,
  signal: AbortSignal,
): Promise<Pick<PackageContents, 'entries' | 'kept' | 'spool'>> {
  const entries: PackagedEntry[] = [];
  const kept = new Map<string, Uint8Array>();
  const ranges = new Map<number, { offset: number; length: number }>();
  const bytes = await how.blobs.spool(spooled(open, how, entries, kept, ranges, signal), signal);
  if (ranges.size > 0) return { entries, kept, spool: { bytes, ranges } };
  await bytes.close();
  return { entries, kept, spool: undefined };
}

async function* spooled(
  open: OpenPackage,
  how: ReadPayload,
  entries: PackagedEntry[],
  kept: Map<string, Uint8Array>,
  ranges: Map<number, { offset: number; length: number }>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  let index = 0;
  for await (const { entry: packaged, owner, content } of how.deb.readData(open, signal)) {
    const at = index++;
    const entry = how.own(packaged, owner);
    // The root itself: there is nothing to decide about it.
    if (entry.path === '' || entry.path === '.') continue;
    if (entry.type !== 'file') {
      entries.push({ index: at, entry, sha256: undefined, md5: undefined });
      continue;
    }
    const sha256 = createHash('sha256');
    const md5 = createHash('md5');
    const held: Buffer[] = [];
    let length = 0;
    let flowing = false;
    for await (const chunk of content) {
      sha256.update(chunk);
      md5.update(chunk);
      length += chunk.length;
      flowing ||= length > heldBytes;
      if (!flowing) {
        held.push(Buffer.from(chunk));
        continue;
      }
      yield* held.splice(0);
      yield chunk;
    }
    const hash = sha256.digest('hex');
    entries.push({ index: at, entry, sha256: hash, md5: md5.digest('hex') });
    if (!flowing && length <= keptBytes && how.keep(entry.path)) kept.set(entry.path, Buffer.concat(held));
    if (!flowing && (length === 0 || how.unchanged(entry, hash))) continue;
    yield* held;
    ranges.set(at, { offset, length });
    offset += length;
  }
}
