import type { BlobStore, ImageView, LayerEntry, LayerWriter, Platform, ViewEntry } from '../../../image/index.ts';
import { compareText, noProgress, type Progress } from '../../../kernel/index.ts';
import type { FixPlan, Upgrade } from '../../fix-contract.ts';
import type { DebReader, OpenPackage } from '../deb/contract.ts';
import { createDebReader } from '../deb/reader.ts';
import { ApplyError } from './apply/errors.ts';
import { prepareChange } from './apply/prepare.ts';
import { readControlStanza } from './apply/status.ts';
import { adminDirectory, readRecord } from './database.ts';

/** A package to install into a new file system. */
export interface RootfsPackage {
  readonly name: string;
  readonly open: OpenPackage;
}

/** What assembling needs besides the packages. */
export interface RootfsDeps {
  readonly blobs: BlobStore;
  readonly reader?: DebReader;
  /** Time of everything that no package brings, whole seconds. */
  readonly at: Date;
  readonly platform: Platform;
  readonly signal: AbortSignal;
  readonly progress?: Progress;
}

/** Of dpkg's database: file names carry the architecture of packages that exist for several at once. */
const databaseFormat = Buffer.from('1\n');
const formatFile = `${adminDirectory}/info/format`;

/** Links of a merged `/usr`, which tools that make a minimal system create before unpacking. */
const mergedLinks = ['bin', 'lib', 'sbin'];

/**
 * Writes a root file system from packages alone: payloads, the package database, account files from the masters that
 * the packages bring. No script runs, so what scripts compute (alternatives, caches) is missing: such an image is for
 * scanning and demonstration. The caller closes the writer, whose view below must be empty.
 * @throws ApplyError when the packages cannot be put together, DebError when one is damaged
 */
export async function assembleRootfs(
  packages: readonly RootfsPackage[],
  out: LayerWriter,
  deps: RootfsDeps,
): Promise<void> {
  const deb = deps.reader ?? createDebReader();
  const opens = new Map<string, OpenPackage>();
  const upgrades: Upgrade[] = [];
  for (const { name, open } of packages) {
    const upgrade = await describe(name, open, deb, deps.signal);
    opens.set(`${upgrade.name}:${upgrade.arch}`, open);
    upgrades.push(upgrade);
  }
  upgrades.sort((a, b) => compareText(a.name, b.name));
  const mtime = Math.floor(deps.at.getTime() / 1000);
  const accounts = new Map<string, Uint8Array>();
  const base = baseEntries(mtime, deps.platform);
  for (const entry of base) await out.put(entry, entry.type === 'file' ? databaseFormat : undefined);
  const result = await prepareChange(
    {
      plan: planOf(upgrades, deps),
      view: viewOf(base),
      open: ({ name, arch }) => opens.get(`${name}:${arch}`) ?? missing(name),
    },
    { blobs: deps.blobs, deb },
    deps.signal,
    deps.progress ?? noProgress,
    { skipScripts: true },
  );
  if ('rejected' in result) {
    const [first] = result.rejected;
    throw new ApplyError('conflict', `${first?.package}: ${first?.detail}`);
  }
  try {
    await result.change.emit(collectMasters(out, accounts), deps.signal);
  } finally {
    await result.change.discard();
  }
  for (const [path, bytes] of accounts) {
    await out.put({ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length, mtime }, bytes);
  }
}

function missing(name: string): never {
  throw new ApplyError('unsupported', `no package file for ${name}`);
}

async function describe(name: string, open: OpenPackage, deb: DebReader, signal: AbortSignal): Promise<Upgrade> {
  const { files } = await deb.readControl(open, signal);
  const record = readRecord(readControlStanza(files.get('control')?.bytes, name), '', false);
  if (record?.name !== name) throw new ApplyError('unsupported', `the package file is not ${name}`);
  const { arch, source, version } = record;
  const origin = { repository: '', path: '', archive: '', sha256: '', size: 0 };
  return { name, arch, source, from: null, to: version, ...origin, reason: 'requested' };
}

function planOf(upgrades: readonly Upgrade[], { at, platform }: RootfsDeps): FixPlan {
  return {
    schema: 1,
    ecosystem: 'dpkg',
    revision: 1,
    plannedAt: `${at.toISOString().slice(0, 19)}Z`,
    platform,
    indexes: [],
    upgrades,
    outcomes: [],
    estimate: { download: 0, layer: 0 },
    diagnostics: [],
  };
}

function baseEntries(mtime: number, platform: Platform): LayerEntry[] {
  const links = platform.architecture === 'amd64' ? [...mergedLinks, 'lib64'] : mergedLinks;
  const attributes = { uid: 0, gid: 0, size: 0, mtime };
  const info = ['var', 'var/lib', adminDirectory, `${adminDirectory}/info`];
  const directories = ['usr', ...links.map((name) => `usr/${name}`), ...info].sort();
  return [
    ...directories.map((path): LayerEntry => ({ ...attributes, path, type: 'directory', mode: 0o755 })),
    ...links.map((path): LayerEntry => ({ ...attributes, path, type: 'symlink', mode: 0o777, link: `usr/${path}` })),
    { ...attributes, path: formatFile, type: 'file', mode: 0o644, size: databaseFormat.length },
  ];
}

/** The view of a file system that holds a few directories and links only. */
function viewOf(base: readonly LayerEntry[]): ImageView {
  const entries = new Map(
    base.map((entry): [string, ViewEntry] => [entry.path, { ...entry, layer: 0, content: undefined }]),
  );
  return {
    entry: (path) => entries.get(path),
    canonical: (path) => path,
    resolve: (path) => entries.get(path),
    children: (directory) =>
      [...entries.keys()].flatMap((path) => {
        const slash = path.lastIndexOf('/');
        return path.slice(0, Math.max(slash, 0)) === directory ? [path.slice(slash + 1)] : [];
      }),
    entries: () => entries.values(),
    shadowed: () => [],
    small: (path) => (path === formatFile ? databaseFormat : undefined),
    digests: async () => new Map(),
  };
}

/** Passes everything on and makes `etc/passwd` and `etc/group` of the master copies on the way. */
function collectMasters(out: LayerWriter, accounts: Map<string, Uint8Array>): LayerWriter {
  return {
    remove: (path) => out.remove(path),
    close: () => out.close(),
    abort: () => out.abort(),
    async put(entry, content) {
      const name = /^usr\/share\/base-passwd\/(passwd|group)\.master$/.exec(entry.path)?.[1];
      if (name === undefined || content === undefined) return out.put(entry, content);
      const chunks: Uint8Array[] = [];
      if (content instanceof Uint8Array) chunks.push(content);
      else for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
      const bytes = Buffer.concat(chunks);
      accounts.set(`etc/${name}`, bytes);
      return out.put(entry, bytes);
    },
  };
}
