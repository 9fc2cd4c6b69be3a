import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gunzipSync } from 'node:zlib';
import type { BinaryFile } from '../../src/ecosystems/binaries/facts.ts';
import { binaryVisitor } from '../../src/ecosystems/binaries/visitor.ts';
import type { FileEntry } from '../../src/image/index.ts';

/**
 * Real executables for linux/amd64, with code and tables that nobody reads set to zero so that they are small:
 * `go-1.26`: example.com/tiny with golang.org/x/exp v0.0.0-20220722155223-a9213eeb770e, stripped;
 * `go-1.17`: example.com/old with gopkg.in/yaml.v2 v2.2.7, build information by pointers;
 * `rust`: built by `cargo auditable` with smallvec 1.6.0 and itoa 1.0.9, stripped.
 */
export function realBinary(name: 'go-1.26' | 'go-1.17' | 'rust'): Buffer {
  return gunzipSync(readFileSync(join(import.meta.dirname, '../hostile/testdata/binaries', `${name}.gz`)));
}

/** Shows one file to the visitor in chunks of a size; undefined when it has nothing to tell. */
export function readBinary(path: string, bytes: Buffer, chunk = 100_000, mode = 0o755): BinaryFile | undefined {
  const visitor = binaryVisitor();
  const entry: FileEntry = { path, type: 'file', mode, size: bytes.length, uid: 0, gid: 0, mtime: 0 };
  if (visitor.wants(entry) === 'skip') return undefined;
  const sink = visitor.sink?.(entry);
  for (let at = 0; at < bytes.length; at += chunk) {
    // A copy that is overwritten afterwards, because chunks belong to the walk.
    const piece = Buffer.from(bytes.subarray(at, at + chunk));
    const more = sink?.chunk(piece);
    piece.fill(0x41);
    if (more === false) break;
  }
  sink?.end();
  return visitor.finish().files[0];
}

/** A 64-bit ELF program with one segment to read and one to write, and bytes that are not loaded. */
export function elfProgram(parts: { readonly text?: Buffer; readonly data?: Buffer; readonly tail?: Buffer }): Buffer {
  const text = padded(parts.text ?? Buffer.alloc(0));
  const data = padded(parts.data ?? Buffer.alloc(0));
  const head = Buffer.alloc(256);
  head.write('\x7fELF\x02\x01\x01', 'latin1');
  head.writeUInt16LE(2, 16);
  head.writeUInt16LE(62, 18);
  head.writeUInt32LE(64, 32);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(2, 56);
  const segment = (at: number, flags: number, offset: number, size: number): void => {
    head.writeUInt32LE(1, at);
    head.writeUInt32LE(flags, at + 4);
    head.writeUInt32LE(offset, at + 8);
    head.writeUInt32LE(0x400000 + offset, at + 16);
    head.writeUInt32LE(size, at + 32);
  };
  segment(64, 5, 0, 256 + text.length);
  segment(120, 6, 256 + text.length, data.length);
  return Buffer.concat([head, text, data, parts.tail ?? Buffer.alloc(0)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)]);
}

/** Build information as Go 1.18 and later write it. */
export function goBuildInfo(go: string, text: string): Buffer {
  const sentinel = Buffer.alloc(16, 0x30);
  const module = Buffer.concat([sentinel, Buffer.from(text), sentinel]);
  const head = Buffer.alloc(32);
  head.write('\xff Go buildinf:\x08\x02', 'latin1');
  return Buffer.concat([head, varint(go.length), Buffer.from(go), varint(module.length), module]);
}

/** A number as Go's `encoding/binary` writes it. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

/** A list of crates as `cargo auditable` embeds it. */
export function auditSection(value: unknown): Buffer {
  return deflateSync(JSON.stringify(value), { level: 7 });
}
