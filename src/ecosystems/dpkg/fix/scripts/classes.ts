import { ApplyError } from '../apply/errors.ts';
import { curatedVerdict } from './verdicts.ts';

/** A maintainer script of the installed and of the new version. */
export interface ScriptPair {
  readonly package: string;
  readonly script: 'preinst' | 'postinst';
  /** null for a package that was not installed. */
  readonly from: string | null;
  readonly to: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
}

/** `A`–`E` of fix-engine.md §9.2: why the effect of a script is in the image already, or harmless. */
export type ScriptClass = 'A' | 'B' | 'C' | 'D' | 'E';

interface Block {
  /** Debhelper's tool for a generated block, undefined for the maintainer's own lines. */
  readonly tool: string | undefined;
  readonly text: string;
}

const begin = /^# Automatically added by (dh_[a-z0-9_]+)(?:\/\S*)?\s*$/;
const end = '# End automatically added section';
/** Generated blocks that only talk to running services or compile bytecode, which an image has not. */
const harmlessTools = new Set([
  'dh_installdeb',
  'dh_installinit',
  'dh_installsystemd',
  'dh_installsystemduser',
  'dh_makeshlibs',
  'dh_python2',
  'dh_python3',
  'dh_systemd_start',
]);
/** Commands that change files; a changed block with one of them is not harmless. */
const fileEffects =
  /\b(?:update-rc\.d|deb-systemd-helper|update-alternatives|dpkg-divert|dpkg-statoverride|adduser|addgroup|useradd|systemd-sysusers|systemd-tmpfiles|ucf|mv_conffile|symlink_to_dir|dir_to_symlink)\b/;

/** Decides whether a script may be skipped. @throws ApplyError `needs_script` */
export function classifyScript(pair: ScriptPair): ScriptClass {
  const { before, after } = pair;
  if (after === undefined) return 'A';
  if (pair.from === null) {
    if (isText(after) && isHarmlessNew(blocksOf(textOf(after)))) return 'D';
    throw refuse(pair, 'it was not installed before and brings a script of its own');
  }
  if (before && Buffer.compare(before, after) === 0) return isText(after) ? 'B' : 'E';
  if (!isText(after) || (before && !isText(before))) throw refuse(pair, 'the script is a changed program');
  const old = blocksOf(before ? textOf(before) : '');
  const next = blocksOf(textOf(after));
  if (joined(old) === joined(next)) return 'B';
  if (ownLines(old) === ownLines(next) && changedBlocks(old, next).every(isHarmless)) return 'C';
  if (curatedVerdict(pair.package, pair.script, ownLines(old), ownLines(next))) return 'C';
  throw refuse(pair, 'the script changed');
}

function refuse({ package: name, script, from, to }: ScriptPair, why: string): ApplyError {
  const versions = from === null ? to : `${from} → ${to}`;
  return new ApplyError('needs_script', `${script} of ${name} (${versions}): ${why}`, {
    hint: `install it where the image is built: RUN apt-get update && apt-get install -y --only-upgrade ${name}`,
  });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function isText(bytes: Uint8Array): boolean {
  return !bytes.includes(0);
}

/** Splits a script at debhelper's comments, whose tool version alone is masked: it never has an effect. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let tool: string | undefined;
  let lines: string[] = [];
  const finish = (): void => {
    if (lines.length > 0) blocks.push({ tool, text: lines.join('\n') });
    lines = [];
  };
  for (const line of text.split('\n')) {
    const opened = begin.exec(line)?.[1];
    if (opened !== undefined) {
      finish();
      tool = opened;
    } else if (line.trimEnd() === end) {
      finish();
      tool = undefined;
    } else {
      lines.push(line.trimEnd());
    }
  }
  finish();
  return blocks;
}

function joined(blocks: readonly Block[]): string {
  return blocks.map(({ tool, text }) => `${tool ?? ''}\n${text}`).join('\n');
}

function ownLines(blocks: readonly Block[]): string {
  return blocks
    .filter(({ tool }) => tool === undefined)
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => line.trim() !== '')
    .join('\n');
}

function changedBlocks(old: readonly Block[], next: readonly Block[]): Block[] {
  const known = (blocks: readonly Block[]): Set<string> => new Set(blocks.map((block) => joined([block])));
  const before = known(old);
  const after = known(next);
  return [
    ...next.filter((block) => block.tool !== undefined && !before.has(joined([block]))),
    ...old.filter((block) => block.tool !== undefined && !after.has(joined([block]))),
  ];
}

function isHarmless({ tool, text }: Block): boolean {
  return tool !== undefined && harmlessTools.has(tool) && !fileEffects.test(text);
}

const skeleton = /^(?:#.*|set -e|set -eu?|exit 0|:|\s*)$/;

function isHarmlessNew(blocks: readonly Block[]): boolean {
  return blocks.every((block) =>
    block.tool === undefined ? block.text.split('\n').every((line) => skeleton.test(line)) : isHarmless(block),
  );
}
