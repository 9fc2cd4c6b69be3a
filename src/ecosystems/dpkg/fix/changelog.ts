import { gunzipSync } from 'node:zlib';
import { debVersions } from '../versions.ts';

/** A changelog unpacks to at most this many bytes; beyond it only evidence is lost, never a decision. */
const unpackedBytes = 16 << 20;
const heading = /^[a-z0-9][a-z0-9+.-]* \(([^\s()]{1,256})\) [^;]*;/;
const cve = /CVE-\d{4}-\d{4,19}/gi;

/** Paths where a package may keep its Debian changelog. */
export function isChangelog(path: string): boolean {
  return /^usr\/share\/doc\/[^/]+\/changelog(?:\.Debian)?\.gz$/.test(path);
}

/** CVE numbers that a compressed Debian changelog names above the entry of the old version. Damage gives none. */
export function cvesSince(changelog: Uint8Array, oldVersion: string): ReadonlySet<string> {
  const found = new Set<string>();
  let text: string;
  try {
    text = gunzipSync(changelog, { maxOutputLength: unpackedBytes }).toString('latin1');
  } catch {
    return found;
  }
  for (let at = 0; at < text.length; ) {
    const stop = text.indexOf('\n', at);
    const line = text.slice(at, stop < 0 ? text.length : stop);
    at = stop < 0 ? text.length : stop + 1;
    const version = heading.exec(line)?.[1];
    if (version !== undefined && debVersions.valid(version) && debVersions.compare(version, oldVersion) <= 0) break;
    for (const [id] of line.matchAll(cve)) found.add(id.toUpperCase());
  }
  return found;
}
