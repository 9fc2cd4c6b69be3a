import { Readable } from 'node:stream';
import type { ExportFile } from '../contract/index.ts';

/** How a download is answered: status, headers and the bytes. */
export interface RangeAnswer {
  /** 200, 206 or 416. */
  readonly status: 200 | 206 | 416;
  readonly headers: Readonly<Record<string, string>>;
  open(): Readable;
}

/**
 * Answers a download with `Range` and `If-Range` (RFC 9110 §14): one range of bytes; several, or ones that cannot be read,
 * count as none. The entity tag is the checksum, so a part always fits to the parts that a client has.
 */
export function rangeAnswer(
  file: ExportFile,
  asked: { readonly range?: string | undefined; readonly ifRange?: string | undefined },
): RangeAnswer {
  const tag = `"${file.sha256}"`;
  const common = {
    'content-type': file.contentType,
    'content-disposition': `attachment; filename="${file.name.replace(/[^\w. -]/g, '_')}"`,
    'accept-ranges': 'bytes',
    etag: tag,
    'x-content-sha256': file.sha256,
  };
  const valid = asked.ifRange === undefined || asked.ifRange === tag;
  const range = valid && asked.range !== undefined ? parseRange(asked.range, file.bytes) : null;
  if (range === 'outside') {
    const headers = { ...common, 'content-range': `bytes */${file.bytes}`, 'content-length': '0' };
    return { status: 416, headers, open: () => Readable.from([]) };
  }
  const { start, end } = range ?? { start: 0, end: file.bytes };
  return {
    status: range === null ? 200 : 206,
    headers: {
      ...common,
      'content-length': String(end - start),
      ...(range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${file.bytes}` }),
    },
    open: () => file.open(start, end),
  };
}

/** Half-open range of bytes; null = the whole file. */
function parseRange(text: string, size: number): { readonly start: number; readonly end: number } | 'outside' | null {
  const [, first = '', last = ''] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(text) ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'outside' : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < start) return null;
  return start >= size ? 'outside' : { start, end };
}
