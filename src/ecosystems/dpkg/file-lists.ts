import { baseName, decodeName, joinPath, parentOf, type UnionView } from '../../image/index.ts';
import type { LayerFacts } from '../contract.ts';

/** The list of a package's files as one layer has it: `info/<package>.list`, or checksums in `status.d`. */
export interface FileListText {
  /** As spelled in the layer. */
  readonly path: string;
  /** The whole text: it is read only where something asks who owns a file. */
  readonly text: string;
}

/** Largest list that is kept; the largest real one has 2 MiB. */
const listBytes = 4 * 1024 * 1024;
/** Bytes of all lists of one layer; 231 packages have half a MiB, a desktop some 20. */
const layerListBytes = 32 * 1024 * 1024;

/** Collects the file lists of one layer. */
export class FileLists {
  readonly #lists = new Map<string, FileListText>();
  #kept = 0;
  #dropped = 0;

  /** Whether an entry is a file list and fits; called for every entry of an image. */
  wants(path: string, size: number): boolean {
    if (!isFileList(path)) return false;
    const fits = size <= listBytes && this.#kept + size <= layerListBytes;
    if (fits) this.#kept += size;
    else this.#dropped++;
    return fits;
  }

  add(path: string, bytes: Uint8Array): void {
    this.#lists.set(path, { path, text: decodeName(bytes) });
  }

  finish(): { readonly lists: readonly FileListText[]; readonly listsLeftOut: number } {
    return { lists: [...this.#lists.values()], listsLeftOut: this.#dropped };
  }
}

/** Links may lead to a database from where dpkg looks, so only the last names count. */
export function isFileList(path: string): boolean {
  const name = path.lastIndexOf('/') + 1;
  if (path.endsWith('.list')) return path.startsWith('/info/', name - 6);
  return path.endsWith('.md5sums') && path.startsWith('/status.d/', name - 10);
}

/** What the final file system holds of lists, by place. */
export interface ListTexts {
  /** The text of a list; undefined when it is not there. */
  at(path: string): string | undefined;
}

/** Finds lists in the final file system; built when the first question comes. */
export function listTexts(
  layers: readonly LayerFacts<{ readonly lists: readonly FileListText[] }>[],
  view: UnionView,
): ListTexts {
  const byLayer = layers.map(({ facts }) => new Map(facts.lists.map((list) => [list.path, list.text])));
  return {
    at(path) {
      const content = view.resolve(path)?.content;
      return content && byLayer[content.layer]?.get(content.path);
    },
  };
}

/** Paths that the lists of one record name: `list` files for the database `status`, checksums beside `status.d` files. */
export function* listedPaths(
  texts: ListTexts,
  database: string,
  { name, arch }: { readonly name: string; readonly arch: string },
): Generator<string> {
  const directory = parentOf(database);
  if (baseName(directory) === 'status.d') {
    for (const line of (texts.at(`${database}.md5sums`) ?? '').split('\n')) {
      // `<32 hex digits>  <path>`
      if (line.charCodeAt(32) === 0x20) yield line.slice(34);
    }
    return;
  }
  const plain = joinPath(directory, `info/${name}`);
  const text = texts.at(`${plain}:${arch}.list`) ?? texts.at(`${plain}.list`) ?? '';
  for (const line of text.split('\n')) if (line !== '') yield line;
  // No list names them, and bash's is a program.
  for (const script of scripts) for (const owner of [plain, `${plain}:${arch}`]) yield `${owner}.${script}`;
}

/** Scripts of a package that dpkg keeps beside its list. */
const scripts = ['preinst', 'postinst', 'prerm', 'postrm', 'config'];
