import type { CellValue, ExportColumn, ExportPackage, ExportPlace, ExportSubject } from '../contract.ts';

/** A column over what was found. */
export function subjectColumn(
  name: string,
  type: ExportColumn['type'],
  value: (subject: ExportSubject) => CellValue,
): ExportColumn {
  return { name, scope: 'subject', type, value: ({ subject }) => (subject === null ? null : value(subject)) };
}

/** A column over the packages of a finding, different values joined by `;` in the order of the packages. */
export function packageColumn(name: string, value: (found: ExportPackage) => string | null): ExportColumn {
  return subjectColumn(name, 'text', ({ packages }) => {
    const [first] = packages;
    if (first === undefined || packages.length === 1) return first === undefined ? null : value(first);
    const all = new Set(packages.map(value).filter((text) => text !== null));
    return all.size === 0 ? null : [...all].join(';');
  });
}

/** A column over the place and the decision. */
export function placeColumn(
  name: string,
  type: ExportColumn['type'],
  value: (place: ExportPlace) => CellValue,
): ExportColumn {
  return { name, scope: 'place', type, value: ({ place }) => (place === null ? null : value(place)) };
}

/** Columns of the vulnerability. */
export const vulnerabilityColumns: readonly ExportColumn[] = [
  subjectColumn('vulnerability', 'text', (subject) => subject.id),
  subjectColumn('kind', 'text', (subject) => subject.kind),
  subjectColumn('severity', 'text', (subject) => subject.severity),
  subjectColumn('priority', 'text', (subject) => subject.priority),
  subjectColumn('cvss', 'number', (subject) => subject.cvss),
  subjectColumn('epss', 'number', (subject) => subject.epss),
  subjectColumn('kev', 'flag', (subject) => subject.kev),
  subjectColumn('fixable', 'flag', (subject) => subject.fixable),
];

/** More of the vulnerability. */
export const vulnerabilityFacts: readonly ExportColumn[] = [
  subjectColumn('title', 'text', (subject) => subject.title),
  subjectColumn('vulnerabilityKey', 'text', (subject) => subject.key),
  subjectColumn('aliases', 'list', (subject) => subject.aliases),
  subjectColumn('vector', 'text', (subject) => subject.vector),
  subjectColumn('published', 'time', (subject) => subject.published),
  subjectColumn('description', 'text', (subject) => subject.description),
];

/** Columns of the installed package. */
export const packageColumns: readonly ExportColumn[] = [
  packageColumn('package', (found) => found.name),
  packageColumn('packageType', (found) => found.type),
  packageColumn('installedVersion', (found) => found.version),
  packageColumn('fixedVersion', (found) => found.fixedVersion),
  packageColumn('state', (found) => found.state),
];

/** More of the package. */
export const packageFacts: readonly ExportColumn[] = [
  packageColumn('purl', (found) => found.purl),
  packageColumn('arch', (found) => found.arch),
  packageColumn('sourcePackage', (found) => found.sourceName),
  packageColumn('sourceVersion', (found) => found.sourceVersion),
];

/** Columns of place, decision and time. */
export const placeColumns: readonly ExportColumn[] = [
  placeColumn('paths', 'list', (place) => place.paths),
  placeColumn('layers', 'list', (place) => place.layers),
  placeColumn('handled', 'flag', (place) => place.handled !== null),
  placeColumn('handledKind', 'text', (place) => place.handled?.kind ?? null),
  placeColumn('handledReason', 'text', (place) => place.handled?.reason ?? null),
  placeColumn('handledBy', 'text', (place) => place.handled?.by ?? null),
];

/** When the finding was first seen; its own scope, since it differs from row to row. */
export const firstSeen: ExportColumn = {
  name: 'firstSeen',
  scope: 'row',
  type: 'time',
  value: (row) => row.firstSeen,
};

/** Numbers over the estate, where a row is a vulnerability. */
export const estateColumns: readonly ExportColumn[] = (
  [
    ['images', 'number'],
    ['openFindings', 'number'],
    ['handledFindings', 'number'],
    ['firstSeen', 'time'],
    ['lastSeen', 'time'],
  ] as const
).map(([name, type]) => subjectColumn(name, type, ({ estate }) => (estate === null ? null : estate[name])));
