import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { messageOf } from '../../kernel/index.ts';
import { ServerStartError } from './errors.ts';

/** One file of the console, read when the server starts. */
export interface ConsoleFile {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly etag: string;
  /** Its name holds a hash of its content, so that browsers may keep it for ever. */
  readonly immutable: boolean;
  /** The same bytes as the build compressed them, by content coding; the best first. */
  readonly encoded: readonly { readonly coding: 'br' | 'gzip'; readonly bytes: Buffer }[];
}

const codings = [
  { coding: 'br', suffix: '.br' },
  { coding: 'gzip', suffix: '.gz' },
] as const;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const maxFiles = 2000;
const maxBytes = 32 * 1024 * 1024;

/**
 * All files below a folder by their URL path. They are looked up in this table and never on the disk, so that no request
 * can name a path. @throws ServerStartError `console_unreadable`
 */
export function readConsole(folder: string): ReadonlyMap<string, ConsoleFile> {
  const files = new Map<string, ConsoleFile>();
  let total = 0;
  try {
    const top = realpathSync(folder);
    const entries = readdirSync(top, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = new Set(entries.map((entry) => join(entry.parentPath, entry.name)));
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      const contentType = types[extname(entry.name)];
      if (contentType === undefined) continue;
      total += statSync(path).size;
      if (files.size >= maxFiles || total > maxBytes) throw new Error('more files than a console has');
      const bytes = readFileSync(path);
      const encoded = codings
        .filter(({ suffix }) => paths.has(`${path}${suffix}`))
        .map(({ coding, suffix }) => ({ coding, bytes: readFileSync(`${path}${suffix}`) }));
      files.set(path.slice(top.length).replaceAll('\\', '/'), {
        bytes,
        contentType,
        encoded,
        etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
        immutable: /[.-][\w-]{8,}\.\w+$/.test(entry.name) && entry.name !== 'index.html',
      });
    }
  } catch (error) {
    throw new ServerStartError('console_unreadable', `Console files in ${folder}: ${messageOf(error)}`, {
      hint: 'Build the console, or serve without one.',
      cause: error,
    });
  }
  return files;
}
