import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import type { HttpFetcher } from '../../src/advisories/ports.ts';
import { AdvisoryService, type UpdateRequest } from '../../src/advisories/service.ts';
import type { Ecosystem } from '../../src/ecosystems/index.ts';
import { noProgress } from '../../src/kernel/index.ts';
import { toyAbout } from './toy-about.ts';
import { writeOsvArchive } from './zip-archive.ts';

const dpkg: Ecosystem = {
  id: 'dpkg',
  types: ['deb'],
  kind: 'cve',
  about: toyAbout,
  catalogers: [],
  versions: { id: 'numbers', valid: (version) => /^[0-9]+$/.test(version), compare: (a, b) => Number(a) - Number(b) },
  advisoryNames: ['Debian'],
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'Debian:12', on: 'source', name, version }],
};

const noNetwork: HttpFetcher = { get: () => assert.fail('no network in this test') };

/** An OSV record about one package. */
export interface OsvDocument {
  readonly id: string;
  readonly modified: string;
  readonly affected: readonly object[];
}

/** The record of `CVE-2024-<number>` about a package of Debian 12 whose versions are whole numbers. */
export function osvDocument(number: number, fixed: string, modified = '2026-01-01T00:00:00Z', name = 'p'): OsvDocument {
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }];
  const affected = [{ package: { ecosystem: 'Debian:12', name }, ranges }];
  return { id: `CVE-2024-${String(number).padStart(4, '0')}`, modified, affected };
}

/** Bundled facts about one package, written by hand: `src/advisories/bundled/format.ts` says how. */
function writeBundled(directory: string): void {
  const lines = ['{"urgencies":[null,"low"],"ratings":[]}', '2020-0001=GHSA-aaaa-bbbb-cccc,', '', 'p\t<5\t0:010'];
  const bytes = zstdCompressSync(lines.join('\n'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const createdAt = '2025-01-01T00:00:00Z';
  const times = { modified: createdAt, bulk: '2024-06-01T00:00:00Z' };
  const part = { id: 'osv/Debian', file: 'debian.bin', sha256, records: 1, ...times, ecosystems: ['Debian:12'] };
  mkdirSync(directory);
  writeFileSync(join(directory, part.file), bytes);
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ format: 3, createdAt, parts: [part] }));
}

/** Bundled facts, a folder in the OSV layout and services over them, in a directory that goes with the test. */
export function advisoryWorld(t: TestContext, options: { http?: HttpFetcher; ecosystems?: readonly Ecosystem[] } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'advisories-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const from = join(root, 'osv');
  const bundled = join(root, 'bundled');
  writeBundled(bundled);
  let now = Date.parse('2026-02-01T00:00:00Z');
  const clock = {
    now: () => {
      now += 1_000;
      return new Date(now);
    },
  };
  const http = options.http ?? noNetwork;
  const ecosystems = options.ecosystems ?? [dpkg];
  const serviceAt = (directory: string) =>
    new AdvisoryService({ directory: join(root, directory), bundled, ecosystems, clock, http });
  const signal = new AbortController().signal;
  return {
    root,
    from,
    serviceAt,
    service: serviceAt('data'),
    /** Writes the archive of an ecosystem. */
    feed(ecosystem: string, documents: readonly OsvDocument[]) {
      mkdirSync(join(from, ecosystem), { recursive: true });
      writeOsvArchive(join(from, ecosystem, 'all.zip'), documents);
    },
    request: (more: Partial<UpdateRequest> = {}): UpdateRequest => ({ from, progress: noProgress, signal, ...more }),
  };
}

/** Name of the file that holds a snapshot: its content, whatever version matches it. */
export function snapshotFile(id: string): string {
  return `${id.slice('sha256:'.length).split('+', 1)[0]}.sqlite`;
}

/** Vulnerabilities of the package `p` of Debian 12, as a scan would ask. */
export async function idsOf(service: AdvisoryService, version = '4'): Promise<string[]> {
  using index = await service.open();
  const place = { arch: 'amd64', source: null, locations: [], ownedBy: null, held: false };
  const pkg = { purl: `pkg:deb/debian/p@${version}`, type: 'deb', name: 'p', version, ...place };
  return index.match([pkg], undefined).matches.map((match) => match.id);
}

/** Expects an error with the code. */
export function refused(code: string) {
  return (error: unknown) => {
    assert.equal((error as { code?: unknown }).code, code);
    return true;
  };
}
