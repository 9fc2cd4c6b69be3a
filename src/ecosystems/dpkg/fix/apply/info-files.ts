import { adminDirectory, type DpkgPackage } from '../database.ts';
import type { ApplyContext } from './context.ts';
import type { PlacedPackage } from './entries.ts';
import { infoBase } from './ownership.ts';
import type { PackageContents } from './package-contents.ts';
import { bytesOf, linesOf, toDatabasePath, toLayerPath } from './path-text.ts';

const infoDirectory = `${adminDirectory}/info`;
const scripts = new Set(['preinst', 'postinst', 'prerm', 'postrm', 'config']);

/** Writes the files of one package in `info/` and drops those that the new version lacks. */
export function writeInfoFiles(
  context: ApplyContext,
  contents: PackageContents,
  placed: PlacedPackage,
  obsolete: readonly string[],
): void {
  const { draft, view, time } = context;
  const base = newInfoBase(context, contents.record);
  const written = new Set<string>();
  const put = (extension: string, bytes: Uint8Array): void => {
    const path = `${base}.${extension}`;
    written.add(path);
    draft.putDatabase(path, bytes, scripts.has(extension) ? 0o755 : 0o644, time);
  };
  // dpkg unpacks links behind everything else, whatever the order of the archive.
  const links = new Set(contents.entries.flatMap(({ entry }) => (entry.type === 'symlink' ? [entry.path] : [])));
  const order = [
    ...placed.listed.filter((path) => !links.has(path)),
    ...placed.listed.filter((path) => links.has(path)),
  ];
  const list = ['/.', ...[...order, ...obsolete].map(toDatabasePath)];
  put('list', bytesOf(`${list.join('\n')}\n`));
  for (const [name, { bytes }] of contents.control.files) {
    if (name !== 'control' && name !== 'list' && !name.includes('.')) put(name, bytes);
  }
  if (!contents.control.files.has('md5sums')) {
    const sums = md5sums(contents, placed);
    if (sums !== '') put('md5sums', bytesOf(sums));
  }
  const oldBase = contents.old && infoBase(view, contents.old);
  if (oldBase === undefined) return;
  const prefix = `${oldBase.slice(infoDirectory.length + 1)}.`;
  for (const name of view.children(infoDirectory)) {
    // `a.b.list` does not belong to the package `a`: extensions hold no dot.
    if (!name.startsWith(prefix) || name.indexOf('.', prefix.length) >= 0) continue;
    if (!written.has(`${infoDirectory}/${name}`)) draft.remove(`${infoDirectory}/${name}`);
  }
}

function newInfoBase(context: ApplyContext, record: DpkgPackage): string {
  const format = linesOf(context.view.small(`${infoDirectory}/format`))[0]?.trim();
  const qualified = record.multiArch === 'same' && format === '1';
  return `${infoDirectory}/${record.name}${qualified ? `:${record.arch}` : ''}`;
}

/** What dpkg generates for a package without checksums: the regular files that it unpacked, hard links too. */
function md5sums(contents: PackageContents, placed: PlacedPackage): string {
  const listed = new Set(placed.listed);
  const sums = new Map(contents.entries.map(({ entry, md5 }) => [entry.path, md5]));
  return contents.entries
    .filter(({ entry }) => listed.has(entry.path))
    .map(({ entry }) => {
      const md5 = entry.type === 'hardlink' ? sums.get(entry.link ?? '') : sums.get(entry.path);
      return md5 === undefined ? '' : `${md5}  ${toDatabasePath(entry.path).slice(1)}\n`;
    })
    .join('');
}

/** Takes paths out of the lists of packages that lost them; the checksums stay, as with dpkg. */
export function writeTakenLists(context: ApplyContext, taken: ReadonlyMap<DpkgPackage, ReadonlySet<string>>): void {
  for (const [record, paths] of taken) {
    const base = infoBase(context.view, record);
    if (base === undefined || context.replaced.has(record)) continue;
    const lines = linesOf(context.view.small(`${base}.list`)).filter((line) => !paths.has(toLayerPath(line)));
    context.draft.putDatabase(`${base}.list`, bytesOf(`${lines.join('\n')}\n`), 0o644, context.time);
  }
}

/**
 * Marks new packages as installed for the sake of others, where apt keeps that mark. As apt writes it: packages for
 * all architectures stand under the native one, and every record ends with an empty line.
 */
export function writeExtendedStates(context: ApplyContext): void {
  const path = 'var/lib/apt/extended_states';
  const bytes = context.view.small(path);
  const added = context.packages.filter(({ old }) => old === undefined);
  if (bytes === undefined || added.length === 0) return;
  const text = Buffer.from(bytes).toString('latin1').trimEnd();
  const blocks = added.map(
    ({ record: { name, arch } }) =>
      `Package: ${name}\nArchitecture: ${arch === 'all' ? (context.native ?? arch) : arch}\nAuto-Installed: 1\n\n`,
  );
  context.draft.putDatabase(
    path,
    bytesOf([...(text === '' ? [] : [`${text}\n\n`]), ...blocks].join('')),
    0o644,
    context.time,
  );
}
