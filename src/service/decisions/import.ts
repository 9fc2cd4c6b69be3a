import {
  type IgnoreFile,
  loadIgnoreFile,
  packageUrlParts,
  readVex,
  type VexAssertion,
  type VexDocument,
  type VexProduct,
} from '../../findings/index.ts';
import { isDigest } from '../../image/index.ts';
import type { DecisionScope, ImportedDecisions, NewDecision } from '../contract/index.ts';

/** A document as decisions. */
export interface DecisionsOfDocument extends Pick<ImportedDecisions, 'format' | 'document' | 'skipped'> {
  readonly decisions: readonly NewDecision[];
}

/** Longest lists of one decision; longer ones become several. */
const mostPurls = 1_000;
const mostSkipped = 100;

/**
 * Reads a VEX document or an ignore file as decisions of the service.
 * @param expiresAt when those decisions end that do not say so themselves.
 * @throws DecisionError `vex_invalid`, `ignore_file_invalid`
 */
export async function readDecisions(
  bytes: Uint8Array,
  name: string,
  expiresAt: number | null,
): Promise<DecisionsOfDocument> {
  const isIgnoreFile = /\.ya?ml$/i.test(name) || /(^|[./])trivyignore$/i.test(name);
  return isIgnoreFile
    ? ofIgnoreFile(await loadIgnoreFile(bytes, name), expiresAt)
    : ofVex(readVex(bytes, name), expiresAt);
}

function ofVex(document: VexDocument, expiresAt: number | null): DecisionsOfDocument {
  const skipped = document.diagnostics.map(({ message }) => message);
  const source = sourceOf(document.id);
  const decisions = latest(document.statements, skipped).flatMap(({ statement, digest, purls }) =>
    slices(purls).map(
      (part): NewDecision => ({
        ...{ kind: 'vex', vulnerabilities: statement.vulnerabilities, findingKind: null },
        scope: { kind: 'products', digest, purls: part },
        reason: reasonOf(statement),
        ...{ expiresAt, expiresWhen: 'none', source, title: document.author.slice(0, 300) },
      }),
    ),
  );
  return { format: document.format, document: document.id, decisions, skipped: bounded(skipped) };
}

interface Placed {
  readonly statement: VexAssertion;
  readonly digest: string | null;
  readonly purls: string[];
}

/** Per vulnerability and product only the latest statement is kept; `affected` leaves nothing in force. */
function latest(statements: readonly VexAssertion[], skipped: string[]): Placed[] {
  const newest = new Map<string, { statement: VexAssertion; digest: string | null; purl: string | null }>();
  for (const statement of statements) {
    for (const product of statement.products) {
      const place = placeOf(product);
      if (typeof place === 'string') {
        skipped.push(`${statement.vulnerabilities[0]}: ${place}`);
        continue;
      }
      for (const id of statement.vulnerabilities) {
        const key = JSON.stringify([id.toUpperCase(), place.digest, place.purl]);
        const known = newest.get(key);
        if (known === undefined || known.statement.timestamp <= statement.timestamp) {
          newest.set(key, { statement, ...place });
        }
      }
    }
  }
  const groups = new Map<VexAssertion, Map<string | null, Set<string | null>>>();
  for (const { statement, digest, purl } of newest.values()) {
    if (statement.status === 'affected') continue;
    const places = groups.get(statement) ?? new Map<string | null, Set<string | null>>();
    groups.set(statement, places);
    places.set(digest, (places.get(digest) ?? new Set()).add(purl));
  }
  return [...groups].flatMap(([statement, places]) =>
    [...places].map(([digest, purls]) => ({
      ...{ statement, digest },
      purls: purls.has(null) ? [] : [...purls].filter((purl) => purl !== null),
    })),
  );
}

/** Where a product is; a sentence where it cannot be told. */
function placeOf({
  image,
  digest,
  package: purl,
}: VexProduct): { digest: string | null; purl: string | null } | string {
  if (purl !== null && packageUrlParts(purl).name === '') return `${JSON.stringify(purl)} is no package URL`;
  if (digest !== null) return isDigest(digest) ? { digest, purl } : `${JSON.stringify(digest)} is no digest`;
  if (image === null) return purl === null ? 'it names neither an image nor a package' : { digest: null, purl };
  const { type, version } = packageUrlParts(image);
  if (type !== 'oci') return `${JSON.stringify(image)} is no image`;
  return version !== null && isDigest(version)
    ? { digest: version, purl }
    : `${JSON.stringify(image)} names no digest: images of the inventory are known by theirs`;
}

function reasonOf({ status, justification, text }: VexAssertion): string {
  const words = [status, justification].filter((part) => part !== null).map((part) => part.replaceAll('_', ' '));
  return `${words.join(': ')}${text === null ? '' : ` (${text})`}`.slice(0, 2_000);
}

function slices(purls: readonly string[]): (readonly string[])[] {
  if (purls.length === 0) return [[]];
  const parts: (readonly string[])[] = [];
  for (let at = 0; at < purls.length; at += mostPurls) parts.push(purls.slice(at, at + mostPurls));
  return parts;
}

function ofIgnoreFile(file: IgnoreFile, expiresAt: number | null): DecisionsOfDocument {
  const skipped = file.diagnostics.map(({ message }) => message);
  const decisions = file.rules.flatMap(({ ids, packages, paths, reason, by, until, untilFixable }): NewDecision[] => {
    if (paths.length > 0) {
      skipped.push(`${ids[0] ?? packages[0] ?? paths[0]}: rules about paths apply to scans of the command line only`);
      return [];
    }
    const end = until === null ? expiresAt : Date.parse(`${until}T23:59:59Z`);
    return scopesOf(packages).map((scope) => ({
      ...{ kind: 'ignore', vulnerabilities: ids, findingKind: null, scope, reason, expiresAt: end },
      ...{ expiresWhen: untilFixable ? 'any_fix' : 'none', source: sourceOf(file.name), title: by.slice(0, 300) },
    }));
  });
  return { format: 'ignore-file', document: file.name, decisions, skipped: bounded(skipped) };
}

/** Names and package URLs are different scopes; a rule with both becomes two. */
function scopesOf(packages: readonly string[]): DecisionScope[] {
  if (packages.length === 0) return [{ kind: 'global' }];
  const purls = packages.filter((name) => name.startsWith('pkg:'));
  const names = packages.filter((name) => !name.startsWith('pkg:'));
  return [
    ...(names.length > 0 ? [{ kind: 'packages' as const, names }] : []),
    ...(purls.length > 0 ? [{ kind: 'products' as const, digest: null, purls }] : []),
  ];
}

/** Name under which the decisions of a document are kept. */
export function sourceOf(document: string): string {
  return `document:${document.slice(0, 400)}`;
}

function bounded(skipped: readonly string[]): readonly string[] {
  if (skipped.length <= mostSkipped) return skipped;
  return [...skipped.slice(0, mostSkipped), `… and ${skipped.length - mostSkipped} more`];
}
