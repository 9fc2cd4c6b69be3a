/**
 * Builds the bundled facts from a folder in the public OSV layout:
 *   node tools/build-snapshot.ts OSV-FOLDER [OUTPUT]        (output: data/debian-facts.bin)
 * The result depends on nothing but the folder; its date is that of the newest record.
 * Versions listed beside a range are left out: the few that it does not hold are those of later releases.
 */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundledPackage, encodeFacts, type OsvRecord, readOsvArchive } from '../src/advisories/index.ts';

type PackageRecord = BundledPackage['records'][number];

const root = join(import.meta.dirname, '..');
const [folder, output = join(root, 'data', 'debian-facts.bin')] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node tools/build-snapshot.ts OSV-FOLDER [OUTPUT]');
  process.exit(2);
}

const packages = new Map<string, PackageRecord[]>();
let records = 0;
const times: string[] = [];
for await (const record of readOsvArchive(join(folder, 'Debian', 'all.zip'))) {
  if (record === undefined || record.withdrawn) continue;
  records++;
  times.push(record.modified);
  for (const [name, facts] of factsByPackage(record)) {
    const known = packages.get(name) ?? [];
    known.push({ id: record.id, linked: record.linked, aliases: record.aliases, severities: record.severities, facts });
    packages.set(name, known);
  }
}

times.sort((a, b) => Date.parse(a) - Date.parse(b));
const modified = times.at(-1) ?? '';
const bulk = times[Math.floor((times.length - 1) * 0.9)] ?? '';
const sorted = [...packages.keys()].sort().map((name) => ({ name, records: inOrder(packages.get(name) ?? []) }));
const bytes = encodeFacts({ createdAt: modified, modified, bulk, records }, sorted);
await writeFile(output, bytes);
console.log(
  `${records} records, ${sorted.length} packages, newest ${modified}, most by ${bulk}: ${bytes.length} bytes`,
);

function factsByPackage(record: OsvRecord): Map<string, PackageRecord['facts'][number][]> {
  const byName = new Map<string, PackageRecord['facts'][number][]>();
  for (const { ecosystem, name, ranges, urgency } of record.affected) {
    if (!ecosystem.startsWith('Debian:')) continue;
    if (!/^[a-z0-9][a-z0-9+.-]*$/.test(name)) throw new Error(`${record.id}: odd package name ${JSON.stringify(name)}`);
    const known = byName.get(name) ?? [];
    for (const [first, second, ...more] of ranges) {
      const simple = first?.[0] === 'introduced' && first[1] === '0' && more.length === 0;
      if (!simple || (second !== undefined && second[0] !== 'fixed')) {
        throw new Error(`${record.id}: a range that the bundled form cannot hold`);
      }
      if (/[\s;,]/.test(second?.[1] ?? '')) throw new Error(`${record.id}: odd version`);
      known.push({ release: ecosystem, urgency, fixed: second?.[1] ?? null });
    }
    byName.set(name, known);
  }
  return byName;
}

function inOrder(records: readonly PackageRecord[]): PackageRecord[] {
  return records.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
