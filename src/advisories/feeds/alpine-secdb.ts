import { readFile, stat } from 'node:fs/promises';
import { isJsonObject, type JsonObject, parseJson } from '../../kernel/index.ts';
import { AdvisoryError } from '../errors.ts';
import { isCve } from '../identifiers.ts';
import { isRecordId, type OsvAffected, type OsvRecord } from './osv-record.ts';

/** What one file of the Alpine security database says. */
export interface SecurityDatabase {
  /** `v3.19`, `edge`. */
  readonly branch: string;
  /** `main`, `community`. */
  readonly repository: string;
  /** One for each vulnerability. */
  readonly records: readonly OsvRecord[];
  /** Entries that cannot be read. */
  readonly bad: number;
}

/** The published files have some 2 MB. */
const maxFileBytes = 64 * 1024 ** 2;
const branchGrammar = /^(v[0-9]{1,3}\.[0-9]{1,3}|edge)$/;
const repositoryGrammar = /^[a-z][a-z0-9-]{0,31}$/;
const nameGrammar = /^[A-Za-z0-9_][A-Za-z0-9_+.-]{0,254}$/;
const versionGrammar = /^[0-9][A-Za-z0-9._~+-]{0,255}$/;

/**
 * Reads a file of the Alpine security database: `{distroversion, reponame, packages: [{pkg: {name, secfixes: {version:
 * [ids]}}}]}`. Version 0 = never affected; an id may be followed by others for the same flaw (`CVE-2020-1 XSA-2`).
 * @param modified RFC 3339 time of the file, which has none of its own.
 * @throws AdvisoryError `feed_invalid`, `feed_too_large`
 */
export async function readSecurityDatabase(path: string, modified: string): Promise<SecurityDatabase> {
  const document = await documentOf(path);
  const { distroversion: branch, reponame: repository, packages } = document;
  const known =
    typeof branch === 'string' &&
    branchGrammar.test(branch) &&
    typeof repository === 'string' &&
    Array.isArray(packages);
  if (!known || !repositoryGrammar.test(repository as string)) throw invalid('no branch, repository and packages');
  const records = new Map<string, { aliases: Set<string>; affected: OsvAffected[] }>();
  let bad = 0;
  for (const [name, version, ids] of fixesOf(packages as readonly unknown[], () => bad++)) {
    // Alpine's edge has no release number in the OSV format either.
    const affected: OsvAffected = {
      ...{ ecosystem: `Alpine:${branch as string}`, name, versions: [], urgency: null, severities: [], imports: [] },
      ...{
        ranges: [
          [
            ['introduced', '0'],
            ['fixed', version],
          ],
        ],
        stance: null,
      },
    };
    const [id = '', ...aliases] = ids.toSorted((a, b) => Number(isCve(b)) - Number(isCve(a)));
    const record = records.get(id) ?? { aliases: new Set(), affected: [] };
    records.set(id, record);
    for (const alias of aliases) record.aliases.add(alias);
    record.affected.push(affected);
  }
  return {
    ...{ branch: branch as string, repository: repository as string, bad },
    records: [...records].map(([id, { aliases, affected }]) => ({
      ...{ id, modified, withdrawn: false, aliases: [...aliases], linked: [], severities: [], word: null },
      ...{ title: null, malicious: false, affected: merged(affected) },
    })),
  };
}

async function documentOf(path: string): Promise<JsonObject> {
  if ((await stat(path)).size > maxFileBytes)
    throw new AdvisoryError('feed_too_large', `more than ${maxFileBytes} bytes`);
  try {
    const document = parseJson(await readFile(path), { maxBytes: maxFileBytes, maxDepth: 20 });
    if (isJsonObject(document)) return document;
  } catch (cause) {
    throw invalid('not JSON', cause);
  }
  throw invalid('not an object');
}

/** Every (package, version, ids) that can be read. */
function* fixesOf(
  packages: readonly unknown[],
  bad: () => void,
): Generator<readonly [name: string, version: string, ids: readonly string[]]> {
  for (const item of packages) {
    const pkg = isObject(item) ? item.pkg : undefined;
    const name = isObject(pkg) ? pkg.name : undefined;
    const fixes = isObject(pkg) ? pkg.secfixes : undefined;
    if (typeof name !== 'string' || !nameGrammar.test(name)) {
      bad();
      continue;
    }
    // A package without fixes is written with an empty list.
    for (const [version, texts] of isObject(fixes) ? Object.entries(fixes) : []) {
      if (!versionGrammar.test(version) || !Array.isArray(texts)) {
        bad();
        continue;
      }
      for (const text of texts as readonly unknown[]) {
        const ids = typeof text === 'string' && text.length <= 512 ? text.split(' ').filter((id) => id !== '') : [];
        if (ids.length > 0 && ids.every(isRecordId)) yield [name, version, [...new Set(ids)]];
        else bad();
      }
    }
  }
}

/** One entry for a package, whose versions are a union. */
function merged(affected: readonly OsvAffected[]): OsvAffected[] {
  const byName = Map.groupBy(affected, ({ name }) => name);
  return [...byName.values()].flatMap((entries) => {
    const [first] = entries;
    return first === undefined ? [] : [{ ...first, ranges: entries.flatMap(({ ranges }) => ranges) }];
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string, cause?: unknown): AdvisoryError {
  const hint = 'Use the files of https://secdb.alpinelinux.org, for example v3.22/main.json.';
  return new AdvisoryError('feed_invalid', `not a file of the Alpine security database: ${message}`, { cause, hint });
}
