import type { ImageView } from '../../../../image/index.ts';
import { adminDirectory } from '../database.ts';
import type { Draft } from './draft.ts';
import { bytesOf, linesOf } from './path-text.ts';

/** A declaration of a package's `triggers` file. */
export interface Interest {
  /** Absolute path for a file trigger, a bare name for an explicit one. */
  readonly name: string;
  readonly noawait: boolean;
}

/** The interests that a package declares; activations and comments are not among them. */
export function readInterests(bytes: Uint8Array | undefined): Interest[] {
  return linesOf(bytes).flatMap((line) => {
    const match = /^\s*interest(-await|-noawait)?\s+(\S+)\s*(?:#.*)?$/.exec(line);
    return match?.[2] === undefined ? [] : [{ name: match[2], noawait: match[1] === '-noawait' }];
  });
}

/** Names of the explicit triggers that a package activates when it is unpacked or configured. */
export function readActivations(bytes: Uint8Array | undefined): string[] {
  return linesOf(bytes).flatMap((line) => {
    const name = /^\s*activate(?:-await|-noawait)?\s+(\S+)/.exec(line)?.[1];
    return name === undefined ? [] : [name];
  });
}

/** Packages of the image that are interested in something. */
export interface TriggerHolder {
  readonly package: string;
  readonly name: string;
}

/** All interests of installed packages, from the trigger database. */
export function readHolders(view: Pick<ImageView, 'small' | 'children'>): readonly TriggerHolder[] {
  const holders: TriggerHolder[] = [];
  for (const line of linesOf(view.small(`${adminDirectory}/triggers/File`))) {
    const blank = line.lastIndexOf(' ');
    if (blank > 0) holders.push({ name: line.slice(0, blank), package: holderName(line.slice(blank + 1)) });
  }
  for (const name of view.children(`${adminDirectory}/triggers`)) {
    if (name === 'File' || name === 'Unincorp' || name === 'Lock') continue;
    for (const line of linesOf(view.small(`${adminDirectory}/triggers/${name}`))) {
      holders.push({ name, package: holderName(line) });
    }
  }
  return holders;
}

function holderName(text: string): string {
  return text.split(/[:/]/, 1)[0] ?? text;
}

/** A package's interests before and after. */
export interface InterestChange {
  /** As trigger files name it: `name`, or `name:arch` for `Multi-Arch: same`. */
  readonly oldId: string;
  readonly newId: string;
  readonly before: readonly Interest[];
  readonly after: readonly Interest[];
}

/** Rewrites the trigger database; files whose lines stay the same are left alone. */
export function writeTriggers(draft: Draft, changes: readonly InterestChange[], time: number): void {
  const files = new Map<string, { lines: string[]; changed: boolean }>();
  const fileOf = (interest: Interest): { lines: string[]; changed: boolean } => {
    const path = `${adminDirectory}/triggers/${interest.name.startsWith('/') ? 'File' : interest.name}`;
    let file = files.get(path);
    if (file === undefined) {
      file = { lines: linesOf(draft.view.small(path)), changed: false };
      files.set(path, file);
    }
    return file;
  };
  for (const { oldId, newId, before, after } of changes) {
    const gone = new Set(before.map((interest) => lineOf(interest, oldId)));
    const come = new Set(after.map((interest) => lineOf(interest, newId)));
    for (const interest of before) {
      const line = lineOf(interest, oldId);
      const file = fileOf(interest);
      if (come.has(line) || !file.lines.includes(line)) continue;
      file.lines = file.lines.filter((other) => other !== line);
      file.changed = true;
    }
    for (const interest of after) {
      const line = lineOf(interest, newId);
      const file = fileOf(interest);
      if (gone.has(line) && file.lines.includes(line)) continue;
      if (!file.lines.includes(line)) file.lines.push(line);
      file.changed = true;
    }
  }
  for (const [path, { lines, changed }] of files) {
    if (!changed) continue;
    // dpkg deletes the file of an explicit trigger that nobody is interested in any more, but keeps `File`.
    if (lines.length === 0 && !path.endsWith('/File')) draft.remove(path);
    else draft.putDatabase(path, bytesOf(lines.map((line) => `${line}\n`).join('')), 0o644, time);
  }
}

function lineOf({ name, noawait }: Interest, id: string): string {
  return `${name.startsWith('/') ? `${name} ` : ''}${id}${noawait ? '/noawait' : ''}`;
}
