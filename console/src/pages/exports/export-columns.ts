import type { Schema } from '../../api/client.ts';

/** What the rows of a file are. */
export const rowKinds = ['finding', 'record', 'vulnerability', 'images'] as const;
export type RowKind = (typeof rowKinds)[number];

const image = ['project', 'registry', 'repository', 'tag', 'digest', 'platform', 'imageUuid'];
const imageFacts = [
  ...['registryInstanceId', 'indexDigest', 'configDigest', 'os', 'osVersion', 'size', 'createdAt', 'since', 'current'],
  ...['scanState', 'scanReason', 'scannedAt'],
];
const vulnerability = ['vulnerability', 'kind', 'severity', 'priority', 'cvss', 'epss', 'kev', 'fixable'];
const vulnerabilityFacts = ['title', 'vulnerabilityKey', 'aliases', 'vector', 'published', 'description'];
const findings = [
  ...image,
  ...vulnerability,
  ...['package', 'packageType', 'installedVersion', 'fixedVersion', 'state'],
  ...['paths', 'layers', 'handled', 'handledKind', 'handledReason', 'handledBy', 'firstSeen'],
];
const packageFacts = ['purl', 'arch', 'sourcePackage', 'sourceVersion'];
const counts = ['cve', 'sca'].flatMap((kind) =>
  ['total', 'critical', 'high', 'medium', 'low', 'unknown', 'fixable'].map((level) => `${kind}.${level}`),
);
const ofFindings = { usual: findings, more: [...vulnerabilityFacts, ...packageFacts, ...imageFacts] };

/** Names of the columns that rows can have (`src/exports/rows/columns/catalogue.ts`): those of every file, and more. */
export const exportColumns: Readonly<
  Record<RowKind, { readonly usual: readonly string[]; readonly more: readonly string[] }>
> = {
  finding: ofFindings,
  record: ofFindings,
  vulnerability: {
    usual: [...vulnerability, 'images', 'openFindings', 'handledFindings', 'firstSeen', 'lastSeen'],
    more: vulnerabilityFacts,
  },
  images: {
    usual: [...image, ...imageFacts, ...counts, 'kev', 'vulnerabilities', 'baseline', 'malicious', 'sensitive'],
    more: [],
  },
};

/** What the rows of an export are. */
export function rowKindOf({ subject, grain }: Pick<Schema<'Export'>, 'subject' | 'grain'>): RowKind {
  return subject === 'images' ? 'images' : (rowKinds.find((kind) => kind === grain) ?? 'finding');
}
