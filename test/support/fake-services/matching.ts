import type { Filter } from '../../../src/findings/index.ts';
import type { RegistryRecord } from '../../../src/inventory/index.ts';
import type { Call, FindingView, ImageView, Page, PageRequest } from '../../../src/service/index.ts';

type Fact = readonly string[] | number | boolean | null | undefined;

/** What the cloud facades call the type of a registry. */
export function registryTypeOf(registry: RegistryRecord): string {
  return String(registry.vendor.registryType ?? (registry.kind === 'harbor' ? 'harbor' : 'acr'));
}

/** Whether the caller may see objects of a project. */
export function visible(call: Call, projectId: number | null): boolean {
  return call.projects === 'all' || (projectId !== null && call.projects.includes(projectId));
}

/** Host, path and tag of an image, as people write it. */
function referenceOf(image: ImageView): string {
  return `${new URL(image.registry.baseUrl).host}/${image.repository.path}:${image.tag}`;
}

function imageFact(image: ImageView, field: string): Fact {
  const risk = image.counts.cve.total + image.counts.sca.total;
  const facts: Record<string, Fact> = {
    'image.id': image.id,
    'image.uuid': [image.uuid],
    'image.digest': [image.digest],
    'image.imageId': image.configDigest === null ? [] : [image.configDigest, image.configDigest.slice(7)],
    'image.reference': [referenceOf(image)],
    'image.tag': [image.tag ?? ''],
    'image.os': [image.os?.id ?? ''],
    'image.arch': [image.platform?.split('/')[1] ?? ''],
    'image.scanState': [image.scan.state],
    'image.size': image.size,
    'image.created': image.createdAt,
    'image.updated': image.since,
    'image.scanned': image.scan.at,
    'image.current': image.until === null,
    'image.latest': image.until === null,
    'image.scannedOnce': image.scan.at !== null,
    'image.hasVuln': risk > 0,
    'image.hasAlarm': image.counts.malicious + image.counts.sensitive > 0,
    'image.hasBaseline': image.counts.baseline > 0,
    'image.hasRisk': risk + image.counts.malicious + image.counts.sensitive + image.counts.baseline > 0,
    'registry.id': image.registry.id,
    'registry.instanceId': [image.registry.instanceId],
    'registry.name': [image.registry.name],
    'registry.kind': [image.registry.kind],
    'registry.type': [registryTypeOf(image.registry)],
    'registry.region': [image.registry.region],
    'repository.id': [image.repository.extId],
    'repository.name': [image.repository.name],
    'repository.namespace': [image.repository.namespace],
    'repository.path': [image.repository.path],
    project: [String(image.repository.projectId)],
  };
  return facts[field];
}

function recordFact(record: FindingView, field: string): Fact {
  const { vulnerability, packages } = record;
  const facts: Record<string, Fact> = {
    'finding.id': record.recordId,
    'vuln.id': [vulnerability.id, ...vulnerability.aliases],
    'vuln.key': [vulnerability.key],
    'vuln.title': [vulnerability.title],
    'vuln.cvss': vulnerability.cvss,
    'vuln.epss': vulnerability.epss,
    'vuln.kev': vulnerability.kev,
    'package.name': packages.map(({ name }) => name),
    'package.type': packages.map(({ type }) => type),
    'package.version': packages.map(({ version }) => version),
    kind: [vulnerability.kind],
    severity: packages.map(({ severity }) => severity),
    priority: [vulnerability.priority],
    state: packages.map(({ state }) => state),
    path: packages.flatMap(({ paths }) => paths),
    layer: packages.flatMap(({ layers }) => layers),
    fixable: vulnerability.fixable,
    handled: record.handled !== null,
    fixing: record.fixing,
  };
  return facts[field];
}

/** Whether an image, or a record of it, passes a filter. Unknown fields are a mistake of the caller. */
export function matches(filter: Filter | undefined, image: ImageView, record?: FindingView): boolean {
  if (filter === undefined) return true;
  if ('and' in filter) return filter.and.every((part) => matches(part, image, record));
  if ('or' in filter) return filter.or.some((part) => matches(part, image, record));
  if ('not' in filter) return !matches(filter.not, image, record);
  const fact = imageFact(image, filter.field) ?? (record === undefined ? undefined : recordFact(record, filter.field));
  if (fact === undefined) throw new Error(`the fake knows no field ${filter.field}`);
  if (filter.op === 'is') return fact === filter.value;
  if (typeof fact === 'number') {
    const [bound = 0] = filter.values as readonly number[];
    return filter.op === 'ge'
      ? fact >= bound
      : filter.op === 'le'
        ? fact <= bound
        : filter.values.includes(fact as never);
  }
  if (fact === null || typeof fact === 'boolean') return false;
  const wanted = filter.values.map(String);
  if (filter.op === 'contains') {
    return fact.some((text) => wanted.some((part) => text.toLowerCase().includes(part.toLowerCase())));
  }
  if (filter.op === 'prefix') return fact.some((text) => wanted.some((part) => text.startsWith(part)));
  return fact.some((text) => wanted.includes(text));
}

/** Whether a filter names images so exactly that former ones are meant as well. */
function namesImages(filter: Filter | undefined): boolean {
  if (filter === undefined) return false;
  if ('and' in filter) return filter.and.some(namesImages);
  if ('or' in filter) return filter.or.some(namesImages);
  if ('not' in filter) return namesImages(filter.not);
  return ['image.uuid', 'image.digest', 'image.current'].includes(filter.field);
}

/** Whether an image belongs into a list: visible, current unless the filter says otherwise, and matching. */
export function listed(call: Call, filter: Filter | undefined, image: ImageView): boolean {
  return visible(call, image.repository.projectId) && (image.until === null || namesImages(filter));
}

/** A page of rows in their order; positions behind a row are its index. */
export function paged<T>(rows: readonly T[], page: PageRequest): Page<T> {
  const start = 'offset' in page ? page.offset : page.after === null ? 0 : Number(page.after) + 1;
  const part = rows.slice(start, start + page.limit);
  const end = start + part.length;
  return { rows: part, total: rows.length, totalIsBound: false, next: end < rows.length ? String(end - 1) : null };
}
