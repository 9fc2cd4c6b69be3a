import type { ImageView } from '../../../image/index.ts';
import type { Inspection } from '../../fix-contract.ts';
import { readOverrides } from './apply/overrides.ts';
import { linesOf } from './apply/path-text.ts';
import { adminDirectory, type DpkgDatabase, readDatabase } from './database.ts';

const settled = new Set(['installed', 'config-files', 'not-installed']);

/**
 * Whether the image's database can be written at all (fix-engine.md §8.1), before anything is downloaded. An empty
 * view is supported: that is how a new file system is assembled.
 */
export function inspectDpkg(view: ImageView): Inspection {
  if (view.entry('var/lib/chisel/manifest.wall') !== undefined) {
    return { supported: false, reason: 'chiseled', detail: 'packages of this image were sliced by chisel' };
  }
  const database = readDatabase(view);
  if (database.packages.length === 0) {
    return { supported: false, reason: 'no_package_database', detail: 'the image has no dpkg database' };
  }
  if (database.layout === 'dpkg' && view.children(`${adminDirectory}/status.d`).length > 0) {
    // A scan reads both, and each package belongs to one of them: writing only the status file would lose the other.
    return { supported: false, reason: 'two_databases', detail: 'the image has packages in both status and status.d' };
  }
  const unclean = findUnclean(view, database);
  if (unclean !== undefined) return { supported: false, reason: 'unclean_database', detail: unclean };
  return { supported: true, layout: database.layout, diagnostics: database.diagnostics };
}

/** The first reason why dpkg itself would first have to repair the database, as one sentence. */
export function findUnclean(view: ImageView, database: DpkgDatabase): string | undefined {
  if (database.layout === 'distroless') return undefined;
  const updates = view.children(`${adminDirectory}/updates`).filter((name) => /^\d+$/.test(name));
  if (updates.length > 0) return `${adminDirectory}/updates holds ${updates.length} changes that were not finished`;
  for (const { name, flag, state, fields } of database.packages) {
    if (flag !== 'ok') return `package ${name} must be reinstalled`;
    if (!settled.has(state)) return `package ${name} is ${state}`;
    if (fields.has('triggers-pending') || fields.has('triggers-awaited')) return `triggers of ${name} are pending`;
  }
  if (linesOf(view.small(`${adminDirectory}/triggers/Unincorp`)).length > 0) return 'triggers are pending';
  const { unusable } = readOverrides(view);
  if (unusable !== undefined) return `a line of statoverride cannot be used: ${unusable}`;
  const format = linesOf(view.small(`${adminDirectory}/info/format`))[0]?.trim() ?? '0';
  return format === '0' || format === '1' ? undefined : `info/format is ${format}`;
}
