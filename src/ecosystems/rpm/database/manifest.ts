import { absentNone, type RpmRecord } from './record.ts';

/** Fields of a line of `container-manifest-2`, as rpm's query format of these images writes them. */
const [nameField, versionField, vendorField, archField, epochField, sourceField] = [0, 1, 4, 7, 8, 9] as const;

/**
 * Reads one line of an rpm manifest (images without a database): ten fields between tabs or bars, of which
 * `name`, `version-release`, …, `vendor`, …, `arch`, `epoch`, `source` count, or `name-version-release.arch` alone.
 * @returns undefined for a line that is neither.
 */
export function parseManifestLine(line: string): RpmRecord | undefined {
  const fields = line.split(line.includes('\t') ? '\t' : '|').map((field) => absentNone(field.trim()));
  if (fields.length > sourceField) {
    const field = (at: number): string => fields[at] ?? '';
    const dash = field(versionField).lastIndexOf('-');
    if (field(nameField) === '' || dash <= 0) return undefined;
    const epoch = field(epochField);
    return record(field(nameField), field(versionField).slice(0, dash), field(versionField).slice(dash + 1), {
      epoch: epoch === '0' ? '' : epoch,
      arch: field(archField),
      vendor: field(vendorField),
      sourceRpm: field(sourceField),
    });
  }
  if (fields.length > 1) return undefined;
  const text = fields[0] ?? '';
  const dot = text.lastIndexOf('.');
  const release = text.lastIndexOf('-', dot);
  const version = text.lastIndexOf('-', release - 1);
  if (dot < 0 || release <= 0 || version <= 0) return undefined;
  return record(text.slice(0, version), text.slice(version + 1, release), text.slice(release + 1, dot), {
    arch: text.slice(dot + 1),
  });
}

function record(name: string, version: string, release: string, more: Partial<RpmRecord>): RpmRecord {
  return { name, version, release, epoch: '', arch: '', vendor: '', sourceRpm: '', module: '', files: [], ...more };
}
