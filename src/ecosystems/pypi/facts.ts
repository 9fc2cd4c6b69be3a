import type { FileContent, FileEntry, Interest, LayerVisitor } from '../../image/index.ts';
import { isJsonObject, parseJson } from '../../kernel/index.ts';
import { readNameHeaders } from './headers.ts';
import { readPins } from './pins.ts';

/** Metadata of an installed distribution, or why it is none. */
export interface PypiMetadata {
  readonly path: string;
  readonly name?: string;
  readonly version?: string;
  readonly problem?: string;
}

/** The list of what pip carries inside itself. */
export interface PypiVendored {
  /** `…/pip/_vendor/vendor.txt`. */
  readonly path: string;
  readonly pins: readonly (readonly [name: string, version: string])[];
  readonly problem?: string;
}

export interface PypiFacts {
  readonly metadata: readonly PypiMetadata[];
  /** `direct_url.json` files that say: installed from a directory of its builder, editable or not. */
  readonly local: readonly { readonly path: string }[];
  readonly vendored: readonly PypiVendored[];
  /** There was more metadata than is kept. */
  readonly more?: true;
}

const metadataBytes = 2 ** 20;
const smallBytes = 64 * 1024;
const maxMetadata = 200_000;

/** Reads the metadata of distributions of one layer. */
export function pypiVisitor(): LayerVisitor<PypiFacts> {
  const metadata: PypiMetadata[] = [];
  const local: { path: string }[] = [];
  const vendored: PypiVendored[] = [];
  let more = false;
  return {
    id: 'pypi',
    version: 1,
    wants({ path, type, size }: FileEntry): Interest {
      if (type !== 'file') return 'skip';
      if (isDirectUrl(path) || isVendorList(path)) return size > smallBytes ? 'head' : 'whole';
      if (!isMetadata(path) && !isArchive(path)) return 'skip';
      if (metadata.length >= maxMetadata) {
        more = true;
        return 'skip';
      }
      return isArchive(path) || size > metadataBytes ? 'head' : 'whole';
    },
    file({ path }: FileEntry, content: FileContent) {
      if (content.kind !== 'bytes') return;
      if (isDirectUrl(path)) {
        if (isLocalDirectory(content.bytes)) local.push({ path });
      } else if (isVendorList(path)) vendored.push(readVendorList(path, content));
      else metadata.push(isArchive(path) ? nameOfArchive(path, content.bytes) : readMetadata(path, content));
    },
    finish: () => ({ metadata, local, vendored, ...(more && { more }) }),
  };
}

function isDirectUrl(path: string): boolean {
  return path.endsWith('.dist-info/direct_url.json');
}

function isVendorList(path: string): boolean {
  return path.endsWith('pip/_vendor/vendor.txt');
}

function isMetadata(path: string): boolean {
  if (path.endsWith('.egg-info')) return true;
  if (path.endsWith('/METADATA')) return path.endsWith('.dist-info/METADATA');
  return path.endsWith('/PKG-INFO') && (path.endsWith('.egg-info/PKG-INFO') || path.endsWith('.egg/EGG-INFO/PKG-INFO'));
}

function isArchive(path: string): boolean {
  return path.endsWith('.whl') || path.endsWith('.egg');
}

type Bytes = Extract<FileContent, { kind: 'bytes' }>;

/** Of what is larger than the limit only the beginning is there; name and version stand there in practice. */
function readMetadata(path: string, { bytes, truncated }: Bytes): PypiMetadata {
  const { name, version } = readNameHeaders(new TextDecoder().decode(bytes));
  if (name && version) return { path, name, version };
  const missing = name ? 'version' : 'name';
  return { path, problem: truncated ? `is too large, and its beginning has no ${missing}` : `has no ${missing}` };
}

/**
 * Wheels and zipped eggs are used as they are, and say who they are in their file name: `NAME-VERSION-….whl` by the
 * specification, which also says that the metadata inside must agree, `NAME-VERSION[-pyX.Y].egg` by setuptools.
 */
function nameOfArchive(path: string, head: Uint8Array): PypiMetadata {
  const isZip = head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
  if (!isZip) return { path, problem: 'is no zip archive' };
  const file = path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
  const [name = '', version = ''] = file.split('-', 2);
  if (name === '' || version === '') return { path, problem: 'has no version in its name' };
  // Builders write what would be a separator as `_`; a version has it before its local label's parts only.
  return { path, name: name.slice(0, 600), version: version.replace('_', '+').slice(0, 600) };
}

function readVendorList(path: string, { bytes, truncated }: Bytes): PypiVendored {
  return truncated ? { path, pins: [], problem: 'is larger than 64 KiB' } : { path, pins: [...readPins(bytes)] };
}

/** Whether the installer notes that the distribution came from a directory (PEP 610). */
function isLocalDirectory(bytes: Uint8Array): boolean {
  try {
    const value = parseJson(bytes, { maxBytes: smallBytes, maxDepth: 20 });
    return isJsonObject(value) && isJsonObject(value.dir_info);
  } catch {
    return false;
  }
}
