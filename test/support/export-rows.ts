import assert from 'node:assert/strict';
import type {
  ByteSource,
  ExportImage,
  ExportPlace,
  ExportSubject,
  OutputFile,
  RowFeed,
  RowKeys,
} from '../../src/exports/index.ts';
import { selectColumns } from '../../src/exports/rows/columns/catalogue.ts';
import type { FileOptions } from '../../src/exports/rows/files/open.ts';

/** An image of a made-up estate; `changes` override. */
export function sampleImage(number: number, changes: Partial<ExportImage> = {}): ExportImage {
  return {
    uuid: number.toString(16).padStart(32, '0'),
    project: '0',
    registry: 'main',
    registryInstanceId: 'cri-0000000000000001',
    repository: `team/app${number}`,
    tag: 'v1',
    digest: `sha256:${number.toString(16).padStart(64, '0')}`,
    indexDigest: null,
    configDigest: null,
    platform: 'linux/amd64',
    os: 'debian',
    osVersion: '12',
    size: 1000 + number,
    createdAt: Date.UTC(2026, 0, 1),
    since: Date.UTC(2026, 0, 2),
    current: true,
    scanState: 'matched',
    scanReason: null,
    scannedAt: Date.UTC(2026, 0, 3, 4, 5, 6, 7),
    counts: null,
    ...changes,
  };
}

/** A finding of a made-up package. */
export function sampleSubject(number: number, changes: Partial<ExportSubject> = {}): ExportSubject {
  return {
    id: `CVE-2026-${1000 + number}`,
    key: `debian:12:CVE-2026-${1000 + number}`,
    aliases: [`DSA-${number}`],
    kind: 'cve',
    title: `CVE-2026-${1000 + number}: overflow in libx${number}`,
    description: null,
    severity: 'high',
    priority: 'later',
    cvss: 7.5,
    vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
    epss: 0.01,
    kev: false,
    fixable: true,
    published: Date.UTC(2026, 0, 1),
    packages: [
      {
        purl: `pkg:deb/debian/libx${number}@1.0`,
        type: 'deb',
        name: `libx${number}`,
        version: '1.0',
        arch: 'amd64',
        sourceName: 'x',
        sourceVersion: '1.0',
        fixedVersion: '1.1',
        state: 'fixed',
      },
    ],
    estate: null,
    ...changes,
  };
}

/** Where the package database of an image stands. */
export const samplePlace: ExportPlace = {
  paths: ['var/lib/dpkg/status'],
  layers: [`sha256:${'a'.repeat(64)}`],
  handled: null,
};

/** A feed of rows whose keys are indexes into lists of facts. */
export function feedOf(
  rows: Iterable<RowKeys>,
  facts: {
    readonly images: readonly ExportImage[];
    readonly subjects: readonly ExportSubject[];
    readonly places?: readonly ExportPlace[];
  },
): RowFeed {
  const at = <T>(list: readonly T[], key: number | string): T => {
    const fact = list[Number(key)];
    if (fact === undefined) throw new Error(`no fact ${key}`);
    return fact;
  };
  return {
    imagesTogether: true,
    async *batches() {
      let batch: RowKeys[] = [];
      for (const row of rows) {
        batch.push(row);
        if (batch.length === 1000) {
          yield batch;
          batch = [];
        }
      }
      yield batch;
    },
    image: (key) => at(facts.images, key),
    subject: (key) => at(facts.subjects, key),
    place: (key) => at(facts.places ?? [samplePlace], key),
  };
}

/** Bytes in memory as the parts of an export see files. */
export class MemoryFile implements OutputFile, ByteSource {
  bytes = Buffer.alloc(0);

  get size(): number {
    return this.bytes.length;
  }

  async write(bytes: Uint8Array, position = this.bytes.length): Promise<void> {
    const end = position + bytes.length;
    if (end > this.bytes.length) this.bytes = Buffer.concat([this.bytes, Buffer.alloc(end - this.bytes.length)]);
    this.bytes.set(bytes, position);
  }

  async sync(): Promise<void> {}

  read(into: Buffer, position: number): number {
    return position >= this.bytes.length ? 0 : this.bytes.copy(into, 0, position);
  }
}

/** How a file of findings is written unless `changes` say otherwise: every column of the format, as it comes. */
export function fileOptions(changes: Partial<FileOptions> = {}): FileOptions {
  const format = changes.format ?? 'csv';
  const selected = selectColumns('finding', format, undefined);
  assert.ok('columns' in selected);
  return {
    format,
    columns: selected.columns,
    bom: false,
    raw: false,
    innerManifest: (parts) => ({ parts }),
    ...changes,
  };
}
