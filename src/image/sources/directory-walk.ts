import { constants, type Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import type { Diagnostic } from '../../kernel/index.ts';
import type { EntryType, FileEntry } from '../layers/contract.ts';
import { imageEntryLimit } from '../layers/limits.ts';
import { decodeName, displayPath, encodeName, joinPath } from '../layers/names.ts';
import { SourceError } from './errors.ts';

/** An entry of a root directory with the identity of its file on the host. */
export interface HostEntry {
  readonly entry: FileEntry;
  readonly device: number;
  readonly inode: number;
}

/** Everything below a directory, parents before children, names in byte order. */
export interface DirectoryTree {
  readonly entries: readonly HostEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The path of an entry on the host as bytes, because names need not be UTF-8. */
export function hostPath(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(root), Buffer.from('/'), encodeName(path)]);
}

/**
 * Walks a root directory by `lstat` and `readlink`, following no link and leaving no file system. What cannot be part
 * of an image or cannot be read becomes a diagnostic. Extended attributes are not visible from here.
 * @param root a real path (no links in it)
 * @throws SourceError `source_unreadable`
 */
export async function walkDirectory(root: string, signal: AbortSignal): Promise<DirectoryTree> {
  const { dev } = await lstat(hostPath(root, ''));
  const entries: HostEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  const firstNames = new Map<string, string>();
  const open = [''];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    signal.throwIfAborted();
    const names = await namesIn(root, directory, diagnostics);
    const below: string[] = [];
    for (const name of names) {
      const path = joinPath(directory, name);
      const found = await describe(root, path, firstNames, diagnostics);
      if (found === undefined) continue;
      entries.push(found);
      if (entries.length > imageEntryLimit) throw new SourceError('source_unreadable', `${root} has too many files`);
      if (found.entry.type !== 'directory') continue;
      // /proc, /sys and other mounts are not the image's files; their content may even be endless.
      if (found.device === dev) below.push(path);
      else
        diagnostics.push(partial('other_file_system', path, 'Another file system is mounted here and was not read.'));
    }
    open.push(...below.reverse());
  }
  return { entries, diagnostics };
}

async function namesIn(root: string, directory: string, diagnostics: Diagnostic[]): Promise<readonly string[]> {
  try {
    const found = await readdir(hostPath(root, directory), { encoding: 'buffer' });
    return found.sort(Buffer.compare).map(decodeName);
  } catch (cause) {
    if (directory === '') throw new SourceError('source_unreadable', `cannot read ${root}`, { cause });
    diagnostics.push(partial('unreadable_directory', directory, 'The directory could not be read.'));
    return [];
  }
}

async function describe(
  root: string,
  path: string,
  firstNames: Map<string, string>,
  diagnostics: Diagnostic[],
): Promise<HostEntry | undefined> {
  let stats: Stats;
  let link: string | undefined;
  try {
    const host = hostPath(root, path);
    stats = await lstat(host);
    if (stats.isSymbolicLink()) link = decodeName(await readlink(host, { encoding: 'buffer' }));
  } catch {
    diagnostics.push(partial('unreadable_file', path, 'The file could not be examined.'));
    return undefined;
  }
  let type = typeOf(stats);
  if (type === undefined) {
    // A socket lives only while its server runs; archives have no form for it.
    diagnostics.push({
      code: 'socket_skipped',
      path: displayPath(path),
      message: 'Sockets cannot be part of an image.',
    });
    return undefined;
  }
  if (stats.nlink > 1 && type === 'file') {
    const identity = `${stats.dev}:${stats.ino}`;
    const first = firstNames.get(identity);
    if (first === undefined) firstNames.set(identity, path);
    else {
      type = 'hardlink';
      link = first;
    }
  }
  const device = type === 'char' || type === 'block' ? deviceNumbers(stats.rdev) : {};
  const entry: FileEntry = {
    path,
    type,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    size: type === 'file' ? stats.size : 0,
    mtime: Math.floor(stats.mtimeMs / 1000),
    ...(link === undefined ? {} : { link }),
    ...device,
  };
  return { entry, device: stats.dev, inode: stats.ino };
}

function typeOf(stats: Stats): EntryType | undefined {
  switch (stats.mode & constants.S_IFMT) {
    case constants.S_IFREG:
      return 'file';
    case constants.S_IFDIR:
      return 'directory';
    case constants.S_IFLNK:
      return 'symlink';
    case constants.S_IFCHR:
      return 'char';
    case constants.S_IFBLK:
      return 'block';
    case constants.S_IFIFO:
      return 'fifo';
    default:
      return undefined;
  }
}

/** Linux packs both numbers into one (makedev(3)). */
function deviceNumbers(rdev: number): { devMajor: number; devMinor: number } {
  const value = BigInt(rdev);
  const major = ((value >> 8n) & 0xfffn) | ((value >> 32n) & 0xfffff000n);
  const minor = (value & 0xffn) | ((value >> 12n) & 0xffffff00n);
  return { devMajor: Number(major), devMinor: Number(minor) };
}

function partial(code: string, path: string, message: string): Diagnostic {
  return { code, path: displayPath(path), message, partial: true };
}
