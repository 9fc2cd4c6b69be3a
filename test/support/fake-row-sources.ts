import type { FindingFacts, RowImage, RowSources } from '../../src/findings/index.ts';
import { fakeImage, fakeRegistry, fakeRepository } from './fake-services.ts';

/** Rows of a made-up estate: `rows` findings over ten images, ten different findings. `pause` waits between blocks. */
export function fakeRowSources(options: {
  readonly rows: number;
  readonly blockRows?: number;
  pause?(): Promise<void>;
}): RowSources {
  const registry = fakeRegistry(1);
  const repository = fakeRepository(1, 'team/app', registry);
  const images = Array.from({ length: 10 }, (_, index): RowImage => {
    return { ...fakeImage(index + 1, repository, registry, `v${index}`), latest: false };
  });
  const finding = (number: number): FindingFacts => ({
    vulnerability: `CVE-2026-${1000 + number}`,
    key: `debian:12:CVE-2026-${1000 + number}`,
    aliases: [],
    title: null,
    kind: 'cve',
    severity: 'high',
    priority: 'later',
    state: 'fixed',
    cvss: 7.5,
    vector: null,
    epss: null,
    kev: false,
    purl: `pkg:deb/debian/lib${number}@1`,
    packageType: 'deb',
    packageName: `lib${number}`,
    packageVersion: '1',
    arch: 'amd64',
    sourceName: null,
    sourceVersion: null,
    fixedVersion: '2',
    range: '< 2',
  });
  const pins = { generation: 1, lastImageId: 10, at: 1000 };
  const { blockRows = 1000 } = options;
  return {
    images: () => Promise.reject(new Error('not faked')),
    vulnerabilities: () => Promise.reject(new Error('not faked')),
    findings: async ({ limit }) => {
      const total = Math.min(options.rows, limit ?? options.rows);
      return {
        pins,
        count: async () => ({ matched: options.rows, rows: total }),
        finding,
        image: (number) => images[number] as RowImage,
        evidence: () => ({ path: 'var/lib/dpkg/status', layer: `sha256:${'a'.repeat(64)}` }),
        rule: (id) => ({ id, kind: 'ignore', reason: 'accepted', by: 'alice', until: null }),
        async *blocks() {
          for (let from = 0; from < total; from += blockRows) {
            await options.pause?.();
            const count = Math.min(blockRows, total - from);
            const at = (value: (row: number) => number): Int32Array =>
              Int32Array.from({ length: count }, (_, row) => value(from + row));
            yield {
              count,
              image: at((row) => Math.floor((row * 10) / total)),
              start: Int32Array.from({ length: count + 1 }, (_, row) => row),
              finding: at((row) => row % 10),
              evidence: at(() => 0),
              rule: at((row) => (row % 7 === 0 ? 1 : -1)),
              firstSeen: Float64Array.from({ length: count }, () => 5000),
              position: String(from + count),
            };
          }
        },
      };
    },
  };
}
