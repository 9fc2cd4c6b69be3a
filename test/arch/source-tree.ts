import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** A source file of the project with what the architecture rules look at. */
export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** Relative imports, resolved to paths relative to the root; type-only ones are marked. */
  readonly imports: readonly { readonly target: string; readonly typeOnly: boolean }[];
}

const statement =
  /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+\s+from\s+)?'(\.{1,2}\/[^']+)'|import\(\s*'(\.{1,2}\/[^']+)'\s*\)/gm;

/** All TypeScript files below a folder of the checkout, tests included. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('testdata'))
    .map((name) => read(join(folder, name)));
}

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const imports = [...text.matchAll(statement)].map(([, typeOnly, plain, dynamic]) => ({
    target: relative(root, resolve(root, dirname(path), plain ?? dynamic ?? '')),
    typeOnly: typeOnly !== undefined,
  }));
  return { path, text, lines: text.split('\n').length - 1, imports };
}
