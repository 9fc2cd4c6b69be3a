import { type ImageRow, vendorType } from '../../../inventory/index.ts';
import type { FieldTest } from '../contract.ts';
import type { Snapshot } from '../estate/snapshot.ts';
import type { Tallies } from './tallies.ts';

/** Decides by the slot of an image. */
export type ImageTest = (slot: number) => boolean;

/** Compares texts: exactly, by prefix, or by substring without regard to case. */
export function textTest(
  op: 'in' | 'contains' | 'prefix',
  values: readonly string[],
): (text: string | null) => boolean {
  if (op === 'in') {
    const set = new Set(values);
    return (text) => text !== null && set.has(text);
  }
  if (op === 'prefix') return (text) => text !== null && values.some((value) => text.startsWith(value));
  const lower = values.map((value) => value.toLowerCase());
  return (text) => {
    if (text === null) return false;
    const own = text.toLowerCase();
    return lower.some((value) => own.includes(value));
  };
}

/** Compares numbers; what is unknown passes no test. */
export function numberTest(op: 'in' | 'ge' | 'le', values: readonly number[]): (value: number | null) => boolean {
  if (op === 'in') {
    const set = new Set(values);
    return (value) => value !== null && set.has(value);
  }
  // Alternatives: the weakest bound decides. No bound passes nothing.
  if (op === 'ge') {
    const least = Math.min(...values);
    return (value) => value !== null && value >= least;
  }
  const most = Math.max(...values);
  return (value) => value !== null && value <= most;
}

/** `host/namespace/name:tag`, with the digest where there is no tag. */
export function referenceOf(snapshot: Snapshot, slot: number): string {
  const { images } = snapshot;
  const row = images.rows[slot] as ImageRow;
  const repository = images.repositories[images.repository[slot] as number];
  const host = images.registries.get(row.registryId)?.baseUrl.replace(/^[a-z]+:\/\//, '') ?? '';
  return `${host}/${repository?.path}${row.tag === null ? `@${row.digest}` : `:${row.tag}`}`;
}

/** The test of a field of the image, its repository or its registry; null for fields of the finding. */
export function imageTest(test: FieldTest, snapshot: Snapshot, tallies: Tallies | null): ImageTest | null {
  if (test.op === 'is') return flagTest(test.field, test.value, snapshot, tallies);
  const { images } = snapshot;
  const row = (slot: number): ImageRow => images.rows[slot] as ImageRow;
  if (test.op === 'ge' || test.op === 'le' || isNumbers(test)) {
    const passes = numberTest(test.op as 'in' | 'ge' | 'le', test.values as readonly number[]);
    const read = numberOf(test.field);
    return read === null ? null : (slot) => passes(read(row(slot)));
  }
  const passes = textTest(test.op, test.values as readonly string[]);
  const ofRepository = repositoryText(test.field, snapshot);
  if (ofRepository !== null) {
    // Repositories are few: each is asked once.
    const verdicts = images.repositories.map((_, repository) => passes(ofRepository(repository)));
    return (slot) => verdicts[images.repository[slot] as number] === true;
  }
  if (test.field === 'image.reference') return (slot) => passes(referenceOf(snapshot, slot));
  const read = imageText(test.field);
  if (read === null) return null;
  return (slot) => {
    const texts = read(row(slot));
    return typeof texts === 'string' || texts === null ? passes(texts) : texts.some(passes);
  };
}

function isNumbers(test: FieldTest): boolean {
  return 'values' in test && typeof test.values[0] === 'number';
}

function numberOf(field: FieldTest['field']): ((row: ImageRow) => number | null) | null {
  switch (field) {
    case 'image.id':
      return (row) => row.id;
    case 'image.size':
      return (row) => row.size;
    case 'image.created':
      return (row) => row.createdAt;
    case 'image.updated':
      return (row) => row.since;
    case 'image.scanned':
      return (row) => row.scannedAt;
    case 'registry.id':
      return (row) => row.registryId;
    default:
      return null;
  }
}

function imageText(field: FieldTest['field']): ((row: ImageRow) => string | null | readonly string[]) | null {
  switch (field) {
    case 'image.uuid':
      return (row) => row.uuid;
    case 'image.digest':
      return (row) => (row.indexDigest === null ? row.digest : [row.digest, row.indexDigest]);
    case 'image.imageId':
      return (row) => row.configDigest;
    case 'image.tag':
      return (row) => row.tag;
    case 'image.os':
      return (row) => (row.osId === null ? null : [row.osId, `${row.osId}:${row.osVersion ?? ''}`]);
    case 'image.arch':
      return (row) => row.arch;
    case 'image.scanState':
      return (row) => row.scanState;
    default:
      return null;
  }
}

function repositoryText(field: FieldTest['field'], snapshot: Snapshot): ((slot: number) => string | null) | null {
  const { repositories, registries } = snapshot.images;
  const registry = (slot: number) => registries.get(repositories[slot]?.registryId ?? -1);
  switch (field) {
    case 'registry.instanceId':
      return (slot) => registry(slot)?.instanceId ?? null;
    case 'registry.name':
      return (slot) => registry(slot)?.name ?? null;
    case 'registry.kind':
      return (slot) => registry(slot)?.kind ?? null;
    case 'registry.type':
      return (slot) => {
        const own = registry(slot);
        return own === undefined ? null : vendorType(own.kind, own.vendor);
      };
    case 'registry.region':
      return (slot) => registry(slot)?.region ?? null;
    case 'repository.id':
      return (slot) => repositories[slot]?.extId ?? null;
    case 'repository.name':
      return (slot) => repositories[slot]?.name ?? null;
    case 'repository.namespace':
      return (slot) => repositories[slot]?.namespace ?? null;
    case 'repository.path':
      return (slot) => repositories[slot]?.path ?? null;
    case 'project':
      return (slot) => String(repositories[slot]?.projectId);
    default:
      return null;
  }
}

function flagTest(
  field: FieldTest['field'],
  value: boolean,
  snapshot: Snapshot,
  tallies: Tallies | null,
): ImageTest | null {
  const { images } = snapshot;
  const wanted = value ? 1 : 0;
  switch (field) {
    case 'image.current':
      return (slot) => images.current[slot] === wanted;
    case 'image.latest':
      return (slot) => images.latest[slot] === wanted;
    case 'image.scannedOnce':
      return (slot) => ((images.rows[slot] as ImageRow).scannedAt !== null) === value;
    case 'image.hasVuln':
    case 'image.hasRisk':
      return (slot) => (tallies?.total(slot) ?? 0) > 0 === value;
    // Detectors of these do not run yet, so no image has them.
    case 'image.hasAlarm':
    case 'image.hasBaseline':
      return () => !value;
    default:
      return null;
  }
}
