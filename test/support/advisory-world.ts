import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { encodeFacts } from '../../src/advisories/bundled/format.ts';
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

/** Bundled facts, a folder in the OSV layout and services over them, in a directory that goes with the test. */
export function advisoryWorld(t: TestContext, options: { http?: HttpFetcher; ecosystems?: readonly Ecosystem[] } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'advisories-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const from = join(root, 'osv');
  const bundled = join(root, 'facts.bin');
  const facts = [{ release: 'Debian:12', urgency: 'low', fixed: '5' }];
  const records = [{ id: 'CVE-2020-0001', linked: [], aliases: ['GHSA-aaaa-bbbb-cccc'], severities: [], facts }];
  const time = '2025-01-01T00:00:00Z';
  const meta = { createdAt: time, modified: time, bulk: '2024-06-01T00:00:00Z', records: 1 };
  writeFileSync(bundled, encodeFacts(meta, [{ name: 'p', records }]));
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
