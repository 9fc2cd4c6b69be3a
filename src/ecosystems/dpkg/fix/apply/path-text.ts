import { decodeName, encodeName } from '../../../../image/index.ts';

const ascii = /^[\x00-\x7f]*$/;

/** A path of a database file (one character per byte, leading slash) as layers spell it. */
export function toLayerPath(text: string): string {
  const path = text.startsWith('/') ? text.slice(1) : text;
  return ascii.test(path) ? path : decodeName(Buffer.from(path, 'latin1'));
}

/** A path of a layer as database files spell it: leading slash, one character per byte. */
export function toDatabasePath(path: string): string {
  if (ascii.test(path)) return `/${path}`;
  const bytes = encodeName(path);
  return `/${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')}`;
}

/** The non-empty lines of a database file, one character per byte. */
export function linesOf(bytes: Uint8Array | undefined): string[] {
  if (bytes === undefined) return [];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return text.split('\n').filter((line) => line !== '');
}

/** Database text (one character per byte) as bytes. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
