import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { paxBody, rawEnd, rawEntry, rawHeader } from './raw-tar.ts';
import { tar } from './test-image.ts';

/** Directory of per-package records as distroless images have it; every file in it shows in the report. */
export const records = 'var/lib/dpkg/status.d';

/** A valid package record. */
export function record(name: string, version = '1.0-1', extra = ''): string {
  return `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\n${extra}Maintainer: T <t@example.org>\n\n`;
}

/** The layer below every hostile one: a known release with one package, which must always be found. */
export const base = gzipSync(
  tar({
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
    [`${records}/base`]: record('base-files', '12.4'),
  }),
);

/** A gzip layer of raw tar entries; the two end blocks are added. */
export function layer(...entries: readonly Buffer[]): Buffer {
  return gzipSync(Buffer.concat([...entries, rawEnd]));
}

/** An entry whose name comes from a PAX header, so that any bytes may stand in it. */
export function paxNamed(name: string | Buffer, body: string, more: Readonly<Record<string, string>> = {}): Buffer {
  const pax = rawEntry({ name: 'pax', flag: 'x' }, paxBody({ path: name, ...more }));
  return Buffer.concat([pax, rawEntry({ name: 'short' }, body)]);
}

/** An entry whose name comes from a GNU long-name header. */
export function gnuNamed(name: string | Buffer, body: string): Buffer {
  return Buffer.concat([rawEntry({ name: '././@LongLink', flag: 'L' }, name), rawEntry({ name: 'short' }, body)]);
}

/** `count` copies of one gzip member: a small file that claims to unpack to anything. */
export function repeated(member: Buffer, count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => member));
}

/** 10 GiB of one file's zeros in 10 MB: members of 64 MiB at the best ratio that gzip has, about 1:1000. */
export function gzipBomb(): Buffer {
  const member = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
  const head = gzipSync(rawHeader({ name: 'zeros', size: sizeField(10 * 2 ** 30) }));
  return Buffer.concat([head, repeated(member, 160)]);
}

/** A zstd frame of run-length blocks, 128 KiB out of 4 bytes each, with a window of 2^`windowLog` bytes. */
export function zstdRuns(windowLog: number, blocks: number): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (windowLog - 10) << 3]);
  const run = (last: number): Buffer => {
    const block = Buffer.alloc(4);
    block.writeUIntLE(last | (1 << 1) | ((128 * 1024) << 3), 0, 3);
    return block;
  };
  return Buffer.concat([head, repeated(run(0), blocks - 1), run(1)]);
}

/** A GNU base-256 number for a tar size field. */
export function sizeField(value: number): Buffer {
  const field = Buffer.alloc(12);
  field.writeBigUInt64BE(BigInt(value), 4);
  field[0] = 0x80;
  return field;
}

/** More empty entries than a layer may have, stored so that the ratio of compression stays allowed. */
export function tooManyEntries(): Buffer {
  const noise = gzipSync(rawEntry({ name: 'noise' }, randomBytes(8 * 1024 * 1024)), { level: 1 });
  const headers = gzipSync(repeated(rawHeader({ name: 'a/b' }), 32_768), { level: 1 });
  return Buffer.concat([noise, repeated(headers, 62)]);
}

/** A file of 4 GiB that compresses about 1:100, inside a complete archive. */
export function fourGibFile(): Buffer {
  const piece = Buffer.concat([randomBytes(96 * 1024), Buffer.alloc(16 * 1024 * 1024 - 96 * 1024)]);
  return Buffer.concat([
    gzipSync(rawHeader({ name: 'big', size: sizeField(4 * 2 ** 30) })),
    repeated(gzipSync(piece, { level: 1 }), 256),
    layer(rawEntry({ name: `${records}/behind` }, record('behind-the-big-file'))),
  ]);
}
