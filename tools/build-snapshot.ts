/**
 * Builds the bundled facts from a folder in the public OSV layout:
 *   node tools/build-snapshot.ts OSV-FOLDER [OUTPUT]
 * Without an output it replaces data/advisories and the table of data/README.md.
 * The result depends on nothing but the records; its date is that of the newest one.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdvisoryService } from '../src/advisories/index.ts';
import { ecosystems } from '../src/ecosystems/index.ts';
import { noProgress, systemClock } from '../src/kernel/index.ts';

const root = join(import.meta.dirname, '..');
const standard = join(root, 'data', 'advisories');
const [from, output = standard] = process.argv.slice(2);
if (from === undefined) {
  console.error('usage: node tools/build-snapshot.ts OSV-FOLDER [OUTPUT]');
  process.exit(2);
}

/** Who publishes the records of an ecosystem, and under which licence. */
const ghsa = ['GitHub Advisory Database', 'CC-BY-4.0'] as const;
const publishers: Readonly<Record<string, readonly [name: string, licence: string]>> = {
  AlmaLinux: ['AlmaLinux errata', 'MIT'],
  Alpine: ['Alpine security database', 'none stated; facts only'],
  Debian: ['Debian security tracker', 'none stated; facts only'],
  Go: ['Go Vulnerability Database', 'CC-BY-4.0'],
  'Rocky Linux': ['Rocky Linux errata', 'none stated; facts only'],
};

const directory = await mkdtemp(join(tmpdir(), 'drydock-bundle-'));
try {
  const http = { get: () => Promise.reject(new Error('no network')) };
  const service = new AdvisoryService({ directory, bundled: output, ecosystems, http, clock: systemClock });
  const { signal } = new AbortController();
  await service.update({ from, progress: noProgress, signal });
  const files = await service.bundle();
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  let total = 0;
  for (const [name, bytes] of files) {
    await writeFile(join(output, name), bytes);
    console.log(`${String(bytes.length).padStart(9)} ${name}`);
    total += bytes.length;
  }
  if (output === standard) await describe(join(root, 'data', 'README.md'), files);
  console.log(`${String(total).padStart(9)} in all`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

/** Writes the table of what is in the bundle. */
async function describe(readme: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  const { parts } = JSON.parse(files.get('manifest.json')?.toString() ?? '') as {
    parts: { id: string; file: string; records: number; modified: string | null; bulk: string | null }[];
  };
  const rows = parts.map(({ id, file, records, modified, bulk }) => {
    const name = id.slice('osv/'.length);
    const [publisher, licence] = publishers[name] ?? ghsa;
    const dates = modified === null ? 'no dates' : `${modified.slice(0, 10)}, ${(bulk ?? modified).slice(0, 10)}`;
    return `| \`${file}\` | ${name} | ${records.toLocaleString('en')} | ${dates} | ${publisher} | ${licence} |`;
  });
  const text = await readFile(readme, 'utf8');
  const [before = '', after = ''] = text.split(/(?<=\|---\|\n)(?:\|.*\n)*(?=<!-- end of parts -->)/);
  await writeFile(readme, `${before}${rows.join('\n')}\n${after}`);
}
