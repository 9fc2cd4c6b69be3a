import { isCrateName, isCrateVersion } from './audit-data.ts';

/** One crate of a lock file. */
export interface LockedCrate {
  readonly name: string;
  readonly version: string;
  /** Not from a registry: a member of the workspace, a path or a repository. */
  readonly foreign?: true;
}

/** Crates of one lock file. */
export const maxLocked = 50_000;

/**
 * Reads `Cargo.lock`, as cargo writes it: tables `[[package]]` with one `key = "value"` a line. It is made by a program,
 * so nothing else of TOML is needed; lines that are something else are passed over.
 */
export function parseCargoLock(text: string): { readonly crates: readonly LockedCrate[]; readonly malformed: number } {
  const crates: LockedCrate[] = [];
  let malformed = 0;
  let table: Map<string, string> | undefined;
  const close = (): void => {
    if (table === undefined) return;
    const [name, version, source] = [table.get('name'), table.get('version'), table.get('source')];
    if (name === undefined || version === undefined || !isCrateName(name) || !isCrateVersion(version)) malformed++;
    else if (crates.length >= maxLocked) malformed++;
    else crates.push({ name, version, ...(!isRegistry(source) && { foreign: true }) });
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) {
      close();
      table = line.trimEnd() === '[[package]]' ? new Map() : undefined;
    } else if (table !== undefined) {
      const equals = line.indexOf(' = "');
      const end = line.lastIndexOf('"');
      if (equals > 0 && end > equals + 3) table.set(line.slice(0, equals), line.slice(equals + 4, end));
    }
  }
  close();
  return { crates, malformed };
}

/** crates.io by its index, as git repository or over HTTP. */
function isRegistry(source: string | undefined): boolean {
  return (
    source === 'registry+https://github.com/rust-lang/crates.io-index' || source === 'sparse+https://index.crates.io/'
  );
}
