import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { feedLimits, mayHoldRules, RuleFeedError, type RuleFile, type SkippedFile } from '../../detectors/index.ts';
import { ArchiveBudget, ArchiveError, archiveLimits, openZip } from '../../ecosystems/index.ts';
import { displayPath } from '../../image/index.ts';
import { messageOf } from '../../kernel/index.ts';

/** Files that could hold rules, and those that were left out. */
export interface ReadRules {
  readonly files: readonly RuleFile[];
  readonly skipped: readonly SkippedFile[];
}

/**
 * Reads what a user named: files, folders (all of their files that could hold rules, links are not followed), zip archives.
 * @throws RuleFeedError `rules_too_large`, `rules_unusable` for a path that cannot be read
 */
export async function readRuleFiles(paths: readonly string[]): Promise<ReadRules> {
  const reader = new Reader();
  for (const path of paths) await reader.add(path);
  return reader;
}

class Reader implements ReadRules {
  readonly files: RuleFile[] = [];
  readonly skipped: SkippedFile[] = [];
  #bytes = 0;

  async add(path: string): Promise<void> {
    const found = await this.#stat(path);
    if (found.isDirectory()) await this.#folder(path, '', 0);
    else await this.#file(path, basename(path), found.size);
  }

  async #stat(path: string) {
    try {
      const found = await stat(path);
      if (found.isFile() || found.isDirectory()) return found;
    } catch (cause) {
      throw new RuleFeedError('rules_unusable', `${path} cannot be read: ${messageOf(cause)}`, { cause });
    }
    throw new RuleFeedError('rules_unusable', `${path} is neither a file nor a folder`);
  }

  async #folder(path: string, prefix: string, depth: number): Promise<void> {
    if (depth > feedLimits.folderDepth) {
      throw new RuleFeedError('rules_too_large', `folders are nested deeper than ${feedLimits.folderDepth}`);
    }
    for (const entry of (await readdir(path, { withFileTypes: true })).sort(byName)) {
      // Folders of version control and of editors hold no rules.
      if (entry.name.startsWith('.')) continue;
      const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      const at = join(path, entry.name);
      if (entry.isDirectory()) await this.#folder(at, name, depth + 1);
      else if (!entry.isFile()) this.#skip(name, 'not_a_file', 'is a link or no file');
      else if (mayHoldRules(entry.name) || entry.name.toLowerCase().endsWith('.zip')) {
        await this.#file(at, name, (await stat(at)).size);
      } else this.#skip(name, 'unknown_format', 'has the name of something else than rules');
    }
  }

  async #file(path: string, name: string, size: number): Promise<void> {
    if (size > feedLimits.fileBytes) return this.#skip(name, 'too_large', tooLarge);
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (cause) {
      throw new RuleFeedError('rules_unusable', `${path} cannot be read: ${messageOf(cause)}`, { cause });
    }
    if (bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04') this.#zip(bytes, name);
    else this.#take(name, bytes);
  }

  /** Members that could hold rules; archives in archives are left out. */
  #zip(bytes: Buffer, name: string): void {
    const limits = { ...archiveLimits, members: feedLimits.feedFiles, unpackedBytes: feedLimits.feedBytes, depth: 0 };
    try {
      const zip = openZip(bytes, new ArchiveBudget(bytes.length, limits));
      for (const member of zip.members(() => true)) {
        const inside = `${name}!/${displayPath(member.name)}`;
        if (!mayHoldRules(member.name))
          this.#skip(inside, 'unknown_format', 'has the name of something else than rules');
        else this.#member(inside, () => zip.read(member, feedLimits.fileBytes));
      }
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#skip(name, error.code, error.message);
    }
  }

  #member(name: string, read: () => Buffer): void {
    try {
      this.#take(name, read());
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#skip(name, error.code, error.message);
    }
  }

  #take(name: string, bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#bytes > feedLimits.feedBytes) throw tooMuch(`more than ${feedLimits.feedBytes} bytes of rules`);
    if (this.files.length >= feedLimits.feedFiles) throw tooMuch(`more than ${feedLimits.feedFiles} files of rules`);
    this.files.push({ name: name.slice(0, 1024), bytes });
  }

  #skip(name: string, code: string, message: string): void {
    this.skipped.push({ name: name.slice(0, 1024), code, message });
    if (this.skipped.length > 50 * feedLimits.feedFiles) throw tooMuch('far more files than any rules have');
  }
}

const tooLarge = `is larger than ${feedLimits.fileBytes} bytes`;

function tooMuch(what: string): RuleFeedError {
  return new RuleFeedError('rules_too_large', what, { hint: 'Import them as several feeds.' });
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}
