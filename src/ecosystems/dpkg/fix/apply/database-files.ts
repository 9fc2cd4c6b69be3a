import { adminDirectory, type DpkgPackage } from '../database.ts';
import type { ApplyContext } from './context.ts';
import { writeExtendedStates, writeInfoFiles, writeTakenLists } from './info-files.ts';
import { infoBase } from './ownership.ts';
import { bytesOf } from './path-text.ts';
import type { PlacedContents } from './placed.ts';
import { type StatusRecord, writeRecord, writeStatus } from './status.ts';
import { readInterests, writeTriggers } from './triggers.ts';

/** Plans all files of the package database for the new state. */
export function writeDatabase(context: ApplyContext, placed: readonly PlacedContents[]): void {
  if (context.database.layout === 'distroless') {
    for (const { contents } of placed) writeDistrolessRecord(context, contents);
    return;
  }
  const records: StatusRecord[] = [];
  const taken = new Map<DpkgPackage, Set<string>>();
  for (const { contents, placed: result, conffiles } of placed) {
    writeInfoFiles(context, contents, result, conffiles.obsolete);
    for (const { from, packaged } of result.taken) {
      const paths = taken.get(from) ?? new Set();
      taken.set(from, paths.add(packaged));
    }
    const { name, arch } = contents.record;
    const text = writeRecord(contents.stanza, { conffiles: conffiles.lines, old: contents.old });
    records.push({ name, arch, bytes: bytesOf(text) });
  }
  writeTakenLists(context, taken);
  writeTriggers(
    context.draft,
    placed.map(({ contents }) => interestChange(context, contents)),
    context.time,
  );
  writeExtendedStates(context);
  const untouched = context.database.packages.filter(
    (record) => !context.replaced.has(record) && !records.some((other) => supersedes(other, record)),
  );
  context.draft.putDatabase(`${adminDirectory}/status`, writeStatus(untouched, records), 0o644, context.time);
}

/** A package that comes new replaces the record of its removed predecessor. */
function supersedes(record: StatusRecord, old: DpkgPackage): boolean {
  const gone = old.state === 'config-files' || old.state === 'not-installed';
  return gone && record.name === old.name && record.arch === old.arch;
}

function interestChange(context: ApplyContext, contents: PlacedContents['contents']) {
  const { old, record, control } = contents;
  const base = old && infoBase(context.view, old);
  const before = base === undefined ? undefined : context.view.small(`${base}.triggers`);
  return {
    oldId: old ? triggerId(old) : record.name,
    newId: triggerId(record),
    before: readInterests(before),
    after: readInterests(control.files.get('triggers')?.bytes),
  };
}

function triggerId({ name, arch, multiArch }: DpkgPackage): string {
  return multiArch === 'same' ? `${name}:${arch}` : name;
}

/** `status.d` keeps the file name of the old record; the package's own control file is the record. */
function writeDistrolessRecord(context: ApplyContext, contents: PlacedContents['contents']): void {
  const { control, old } = contents;
  const bytes = control.files.get('control')?.bytes;
  if (!old || bytes === undefined) return;
  const mode = context.view.entry(old.file)?.mode ?? 0o644;
  context.draft.putDatabase(old.file, bytes, mode, context.time);
  const sums = control.files.get('md5sums')?.bytes;
  if (sums) context.draft.putDatabase(`${old.file}.md5sums`, sums, mode, context.time);
  else context.draft.remove(`${old.file}.md5sums`);
}
