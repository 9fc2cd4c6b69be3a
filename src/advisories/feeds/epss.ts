import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AdvisoryError } from '../errors.ts';
import type { EpssScore } from '../facts.ts';
import { linesOf } from './lines.ts';

/** What was read from a list of EPSS scores. */
export interface EpssSummary {
  readonly records: number;
  /** Lines that are no score; counted, skipped. */
  readonly bad: number;
  /** Date of the scores as RFC 3339, null where the first line does not say. */
  readonly modified: string | null;
}

const limit = 1024 ** 3;
const row = /^(CVE-[0-9]{4}-[0-9]{4,12}),([0-9.eE+-]{1,24}),([0-9.eE+-]{1,24})$/;

/**
 * Reads EPSS scores from the published CSV, plain or gzip (told by its first bytes, not by its name).
 * @throws AdvisoryError `feed_invalid`, `feed_too_large`
 */
export async function readEpss(path: string, add: (cve: string, score: EpssScore) => void): Promise<EpssSummary> {
  let records = 0;
  let bad = 0;
  let modified: string | null = null;
  try {
    for await (const line of linesOf(limited(await contentOf(path)))) {
      if (line.startsWith('#')) {
        modified ??= scoreDate(line);
        continue;
      }
      if (line === '' || line.startsWith('cve,')) continue;
      const [, cve, score, percentile] = row.exec(line) ?? [];
      if (cve === undefined || !isShare(Number(score)) || !isShare(Number(percentile))) {
        bad++;
        continue;
      }
      add(cve, { score: Number(score), percentile: Number(percentile) });
      records++;
    }
  } catch (cause) {
    if (cause instanceof AdvisoryError) throw cause;
    throw new AdvisoryError('feed_invalid', 'EPSS scores cannot be read', { cause });
  }
  if (records === 0) {
    const hint = 'Use epss_scores-current.csv.gz as published by FIRST.';
    throw new AdvisoryError('feed_invalid', 'no EPSS scores in the file', { hint });
  }
  return { records, bad, modified };
}

async function contentOf(path: string): Promise<Readable> {
  await using file = await open(path, 'r');
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  const bytes = createReadStream(path);
  if (buffer.readUInt16BE(0) !== 0x1f8b) return bytes;
  const gunzip = createGunzip();
  bytes.on('error', (error) => gunzip.destroy(error));
  return bytes.pipe(gunzip);
}

async function* limited(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > limit) throw new AdvisoryError('feed_too_large', `EPSS scores over ${limit} bytes`);
    yield chunk;
  }
}

function scoreDate(comment: string): string | null {
  const at = comment.indexOf('score_date:');
  const date = at < 0 ? undefined : new Date(comment.slice(at + 11, at + 50).split(',', 1)[0] ?? '');
  return date === undefined || Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}
