import type { DpkgPackage } from './database.ts';
import type { InstalledUnit } from './solver/contract.ts';

/** The record of the image in the terms of the solver. */
export function installedUnit(record: DpkgPackage): InstalledUnit {
  const field = (name: string): string => (record.fields.get(name) ?? '').replaceAll('\n', ' ');
  return {
    name: record.name,
    version: record.version,
    arch: record.arch,
    source: record.source,
    multiArch: record.multiArch,
    preDepends: field('pre-depends'),
    depends: field('depends'),
    breaks: field('breaks'),
    conflicts: field('conflicts'),
    provides: field('provides'),
    held: record.held,
  };
}
