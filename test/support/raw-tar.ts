/** A tar header whose every field a test can lie about; numbers are octal unless `size` is given as bytes. */
export interface RawHeader {
  readonly name?: string | Buffer;
  /** Type flag character; '0' is a regular file. */
  readonly flag?: string;
  readonly link?: string | Buffer;
  readonly size?: number | Buffer;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number | Buffer;
  readonly prefix?: string;
  readonly magic?: string;
  readonly devMajor?: number;
  readonly devMinor?: number;
  /** Bytes to put at an offset before the checksum is computed. */
  readonly patch?: readonly (readonly [offset: number, bytes: Buffer])[];
  /** Added to the checksum, to make it wrong. */
  readonly checksumError?: number;
}

/** One header block. */
export function rawHeader(header: RawHeader): Buffer {
  const block = Buffer.alloc(512);
  const text = (value: string | Buffer | undefined, at: number, length: number): void => {
    if (value !== undefined) Buffer.from(value as Buffer).copy(block, at, 0, length);
  };
  const number = (value: number | Buffer | undefined, at: number, length: number): void => {
    if (Buffer.isBuffer(value)) value.copy(block, at);
    else block.write((value ?? 0).toString(8).padStart(length - 1, '0'), at, 'latin1');
  };
  text(header.name, 0, 100);
  number(header.mode ?? 0o644, 100, 8);
  number(header.uid, 108, 8);
  number(header.gid, 116, 8);
  number(header.size, 124, 12);
  number(header.mtime, 136, 12);
  block.write('        ', 148, 'latin1');
  block.write(header.flag ?? '0', 156, 'latin1');
  text(header.link, 157, 100);
  block.write(header.magic ?? 'ustar\x0000', 257, 'latin1');
  number(header.devMajor, 329, 8);
  number(header.devMinor, 337, 8);
  text(header.prefix, 345, 155);
  for (const [at, bytes] of header.patch ?? []) bytes.copy(block, at);
  const sum = block.reduce((total, byte) => total + byte, 0) + (header.checksumError ?? 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** A header with its body, padded to whole blocks; the size is the body's unless the header says another one. */
export function rawEntry(header: RawHeader, body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body as Buffer);
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
  return Buffer.concat([rawHeader({ size: bytes.length, ...header }), bytes, padding]);
}

/** The two zero blocks. */
export const rawEnd = Buffer.alloc(1024);

/** PAX records as they stand in a header body. */
export function paxBody(records: Readonly<Record<string, string | Buffer>>): Buffer {
  return Buffer.concat(
    Object.entries(records).map(([key, value]) => {
      const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as Buffer), Buffer.from('\n')]);
      const digits = [1, 2, 3, 4, 5, 6, 7].find((count) => String(rest.length + count).length === count) ?? 8;
      return Buffer.concat([Buffer.from(String(rest.length + digits)), rest]);
    }),
  );
}
