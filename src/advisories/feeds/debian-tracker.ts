import { createReadStream } from 'node:fs';
import { debianRelease } from '../../ecosystems/index.ts';
import { isJsonObject, JsonError, type JsonObject, type JsonValue } from '../../kernel/index.ts';
import { AdvisoryError } from '../errors.ts';
import type { VersionRange } from '../facts.ts';
import { jsonMembers } from './json-members.ts';
import { isRecordId, type OsvAffected, type OsvRecord, plainTitle } from './osv-record.ts';

/** Limits of the tracker's document; the published one has some 70 MB, its largest package 6 MB. */
export const trackerLimits = { totalBytes: 1024 ** 3, memberBytes: 64 * 1024 ** 2, maxDepth: 20 } as const;

/** Names as Debian's policy allows them, and versions without anything that could not be one. */
const packageGrammar = /^[a-z0-9][a-z0-9+.-]{0,254}$/;
const versionGrammar = /^[A-Za-z0-9.+:~-]{1,256}$/;
const urgencyGrammar = /^[a-z -]{1,32}\**$/;

/**
 * Reads the JSON of the Debian security tracker, one package at a time: `{package: {CVE: {description, releases: {codename:
 * {status, fixed_version, urgency, nodsa_reason}}}}}`. Each item is what it says of one vulnerability in one package, as
 * part of a record; `undefined` stands for an entry that cannot be read.
 * @param modified RFC 3339 time of the document, which has none of its own.
 * @throws AdvisoryError `feed_invalid`, `feed_too_large`
 */
export async function* readTracker(path: string, modified: string): AsyncGenerator<OsvRecord | undefined> {
  const chunks = createReadStream(path, { highWaterMark: 1024 * 1024 });
  try {
    for await (const [name, issues] of jsonMembers(chunks, trackerLimits)) {
      if (!packageGrammar.test(name) || !isJsonObject(issues)) yield undefined;
      else for (const [id, issue] of Object.entries(issues)) yield partOf(id, name, issue, modified);
    }
  } catch (cause) {
    const hint = 'Use the JSON of https://security-tracker.debian.org/tracker/data/json.';
    if (cause instanceof JsonError)
      throw new AdvisoryError('feed_invalid', 'not the JSON of the tracker', { cause, hint });
    throw cause;
  } finally {
    chunks.destroy();
  }
}

function partOf(id: string, name: string, issue: JsonValue | undefined, modified: string): OsvRecord | undefined {
  if (!isRecordId(id) || !isJsonObject(issue) || !isJsonObject(issue.releases)) return undefined;
  const affected = Object.entries(issue.releases).flatMap(([codename, said]) => {
    const release = releaseOf(codename);
    return release === null || !isJsonObject(said) ? [] : affectedIn(`Debian:${release}`, name, said);
  });
  return {
    ...{ id, modified, withdrawn: false, aliases: [], linked: [], severities: [], word: null, malicious: false },
    title: plainTitle(typeof issue.description === 'string' ? issue.description : null),
    affected,
  };
}

/** An unknown codename is a release that this version cannot name. */
function releaseOf(codename: string): string | null {
  const release = debianRelease({ id: 'debian', versionId: null, codename, prettyName: null, path: '' });
  return release === 'sid' && codename !== 'sid' ? null : release;
}

/** `resolved` with version 0 = never affected; what is open or undetermined is affected until somebody says otherwise. */
function affectedIn(ecosystem: string, name: string, said: JsonObject): OsvAffected[] {
  const { status, fixed_version: version, urgency, nodsa_reason: reason } = said;
  const fixed = status === 'resolved' && typeof version === 'string' && versionGrammar.test(version) ? version : null;
  if (status === 'resolved' && fixed === null) return [];
  if (status !== 'resolved' && status !== 'open' && status !== 'undetermined') return [];
  const range: VersionRange = [['introduced', '0'], ...(fixed === null ? [] : [['fixed', fixed] as const])];
  const rated = typeof urgency === 'string' && urgencyGrammar.test(urgency) && urgency !== 'not yet assigned';
  return [
    {
      ...{ ecosystem, name, ranges: [range], versions: [], severities: [], imports: [] },
      urgency: rated ? (urgency as string) : null,
      stance: fixed === null && reason === 'ignored' ? 'will_not_fix' : null,
    },
  ];
}
