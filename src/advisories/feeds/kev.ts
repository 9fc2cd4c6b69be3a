import { readFile, stat } from 'node:fs/promises';
import { isJsonObject, parseJson } from '../../kernel/index.ts';
import { AdvisoryError } from '../errors.ts';

/** The catalogue of known exploited vulnerabilities. */
export interface KevCatalog {
  /** RFC 3339. */
  readonly modified: string | null;
  readonly cves: readonly string[];
}

const limit = 64 * 1024 ** 2;
const cveGrammar = /^CVE-[0-9]{4}-[0-9]{4,12}$/;

/** @throws AdvisoryError `feed_invalid`, `feed_too_large` */
export async function readKev(path: string): Promise<KevCatalog> {
  if ((await stat(path)).size > limit) throw new AdvisoryError('feed_too_large', `KEV catalogue over ${limit} bytes`);
  const hint = 'Use known_exploited_vulnerabilities.json as published by CISA.';
  let entries: readonly unknown[];
  let modified: string | null;
  try {
    const document = parseJson(await readFile(path), { maxBytes: limit, maxDepth: 20 });
    if (!isJsonObject(document) || !Array.isArray(document.vulnerabilities))
      throw new TypeError('no list of vulnerabilities');
    entries = document.vulnerabilities;
    const released = typeof document.dateReleased === 'string' ? new Date(document.dateReleased) : undefined;
    modified = released === undefined || Number.isNaN(released.getTime()) ? null : released.toISOString();
  } catch (cause) {
    throw new AdvisoryError('feed_invalid', 'not a KEV catalogue', { cause, hint });
  }
  const cves = entries.flatMap((entry) => {
    const id = (entry as { cveID?: unknown } | null)?.cveID;
    return typeof id === 'string' && cveGrammar.test(id) ? [id] : [];
  });
  if (cves.length === 0) throw new AdvisoryError('feed_invalid', 'KEV catalogue without entries', { hint });
  return { modified, cves };
}
