import type { Declared } from '../../lockfiles/cataloger.ts';
import { linesOf, type TomlTable, tomlTables } from '../../lockfiles/lines.ts';

/** `poetry.lock`, `pdm.lock` and `uv.lock`: tables `[[package]]`. */
export function readPackageTables(bytes: Uint8Array): Generator<Declared> {
  return readTables(bytes, 'package');
}

/** `pylock.toml` (PEP 751): tables `[[packages]]`. */
export function readPylock(bytes: Uint8Array): Generator<Declared> {
  return readTables(bytes, 'packages');
}

function* readTables(bytes: Uint8Array, key: string): Generator<Declared> {
  for (const table of tomlTables(linesOf(bytes), key)) {
    const name = table.get('name');
    const version = table.get('version');
    if (name && version && !isLocal(table, key)) yield { name, version };
  }
}

/** The project itself and what lies in directories beside it, as each of the tools says it. */
function isLocal(table: TomlTable, key: string): boolean {
  const source = table.get('source') ?? '';
  // uv: `source = { editable = "." }`; Poetry: `type = "directory"` in `[package.source]`; PDM: `path = "./x"`.
  if (['editable', 'virtual', 'directory', 'path'].some((kind) => source.startsWith(`{ ${kind} `))) return true;
  if (table.get(`[${key}.source]type`) === 'directory' || table.has(`[${key}.directory]`)) return true;
  return table.has('path') || (table.get('directory') ?? '') !== '';
}
