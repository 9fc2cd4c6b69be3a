import { Readable } from 'node:stream';
import { constants, createZstdDecompress } from 'node:zlib';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../../kernel/index.ts';

/** A package of which slices were cut into an image. */
export interface ChiselPackage {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  /** Paths of its slices, one a line, as the manifest spells them. */
  readonly files: string;
}

/** What a manifest says, and what could not be read of it. */
export interface ChiselManifest {
  readonly packages: readonly ChiselPackage[];
  /** Over the limits: the rest was not read. */
  readonly truncated: boolean;
  /** Damaged data, or lines that are no objects of a manifest. */
  readonly malformed: number;
}

/** Limits of one manifest; real ones have some 1,000 lines. */
export const chiselLimits = {
  unpackedBytes: 16 * 1024 * 1024,
  lineBytes: 1024 * 1024,
  lines: 500_000,
  packages: 20_000,
};

type Limits = typeof chiselLimits;

/** Levels of JSON on one line. */
const maxDepth = 16;
/** 128 MiB, as for layers. */
const windowLogMax = 27;
const newline = 0x0a;

/**
 * Reads a manifest of Chisel: zstd over one JSON object a line, `{"kind":"package","name":…}` and
 * `{"kind":"path","path":…,"slices":["<package>_<slice>"]}` among them.
 */
export async function readChiselManifest(
  packed: AsyncIterable<Uint8Array>,
  limits: Limits = chiselLimits,
): Promise<ChiselManifest> {
  const reader = new ManifestReader(limits);
  const unpack = createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: windowLogMax } });
  const source = Readable.from(packed, { objectMode: false });
  source.on('error', (error) => unpack.destroy(error));
  try {
    for await (const chunk of source.pipe(unpack)) {
      reader.push(chunk as Buffer);
      if (reader.truncated) break;
    }
    reader.end();
  } catch {
    reader.damaged();
  } finally {
    source.destroy();
    unpack.destroy();
  }
  return reader.result();
}

class ManifestReader {
  truncated = false;
  readonly #limits: Limits;
  readonly #packages = new Map<string, Omit<ChiselPackage, 'files'>>();
  readonly #files = new Map<string, string[]>();
  #rest: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #lines = 0;
  #malformed = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  push(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (let stop = data.indexOf(newline, at); stop >= 0 && !this.truncated; stop = data.indexOf(newline, at)) {
      this.#line(data.subarray(at, stop));
      this.truncated = ++this.#lines > this.#limits.lines || this.#packages.size > this.#limits.packages;
      at = stop + 1;
    }
    this.#rest = Buffer.from(data.subarray(at));
    this.truncated ||= this.#bytes > this.#limits.unpackedBytes || this.#rest.length > this.#limits.lineBytes;
  }

  end(): void {
    if (!this.truncated && this.#rest.length > 0) this.#line(this.#rest);
  }

  damaged(): void {
    this.#malformed++;
    this.truncated = true;
  }

  result(): ChiselManifest {
    const packages = [...this.#packages.values()].map((pkg) => {
      return { ...pkg, files: (this.#files.get(pkg.name) ?? []).join('\n') };
    });
    return { packages, truncated: this.truncated, malformed: this.#malformed };
  }

  #line(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const value = parsed(bytes, this.#limits.lineBytes);
    if (!isJsonObject(value)) this.#malformed++;
    else if (value.kind === 'package') this.#package(value);
    else if (value.kind === 'path') this.#path(value.path, value.slices);
  }

  #package({ name, version, arch }: JsonObject): void {
    if (typeof name !== 'string' || typeof version !== 'string') this.#malformed++;
    else if (!this.#packages.has(name)) {
      this.#packages.set(name, { name, version, arch: typeof arch === 'string' ? arch : '' });
    }
  }

  #path(path: JsonValue | undefined, slices: JsonValue | undefined): void {
    if (typeof path !== 'string' || path.includes('\n') || !Array.isArray(slices)) {
      this.#malformed++;
      return;
    }
    // Of several slices that bring a path, the first is as good as any: they are the same file.
    const slice = slices.find((value) => typeof value === 'string') ?? '';
    const name = String(slice).split('_', 1)[0] ?? '';
    const files = this.#files.get(name);
    if (files === undefined) this.#files.set(name, [path]);
    else files.push(path);
  }
}

function parsed(bytes: Buffer, maxBytes: number): JsonValue | undefined {
  try {
    return parseJson(bytes, { maxBytes, maxDepth });
  } catch {
    return undefined;
  }
}
