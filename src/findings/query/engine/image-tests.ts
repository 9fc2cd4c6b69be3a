import { vendorType } from '../../../inventory/index.ts';
import type { RiskKind } from '../../risks/kinds.ts';
import type { FieldTest } from '../contract.ts';
import type { ImageDigest, ImageNumber, ImageRows, ImageText } from '../estate/image-rows.ts';
import type { ImagePart } from '../estate/parts.ts';
import type { Snapshot } from '../estate/snapshot.ts';
import { riskNameTest } from '../risks/names.ts';
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
  const repository = images.repositories[images.repository[slot] as number];
  const host = images.registries.get(repository?.registryId ?? -1)?.baseUrl.replace(/^[a-z]+:\/\//, '') ?? '';
  const tag = images.rows.text('tag', slot);
  return `${host}/${repository?.path}${tag === null ? `@${images.rows.digest('digest', slot)}` : `:${tag}`}`;
}

/** The test of a field of the image, its repository or its registry; null for fields of the finding. */
export function imageTest(test: FieldTest, snapshot: Snapshot, tallies: Tallies | null): ImageTest | null {
  if (test.op === 'is') return flagTest(test.field, test.value, snapshot, tallies);
  const { images } = snapshot;
  if (test.op === 'ge' || test.op === 'le' || isNumbers(test)) {
    const passes = numberTest(test.op as 'in' | 'ge' | 'le', test.values as readonly number[]);
    const kind = riskNumbers[test.field];
    if (kind !== undefined) return (slot) => passes(tallies?.risks.open(slot, kind) ?? 0);
    if (test.field === 'image.sensitiveHigh') {
      return (slot) => passes(tallies?.risks.levels(slot, 'sensitive').high ?? 0);
    }
    const read = numberOf(test.field, images);
    return read === null ? null : (slot) => passes(read(slot));
  }
  const passes = textTest(test.op, test.values as readonly string[]);
  const ofRepository = repositoryText(test.field, snapshot);
  if (ofRepository !== null) {
    // Repositories are few: each is asked once.
    const verdicts = images.repositories.map((_, repository) => passes(ofRepository(repository)));
    return (slot) => verdicts[images.repository[slot] as number] === true;
  }
  if (test.field === 'risk') return tallies === null ? () => false : riskNameTest(tallies.risks, passes);
  if (test.field === 'image.reference') return (slot) => passes(referenceOf(snapshot, slot));
  return textOfImage(test.field, images, passes, test.op === 'in' ? new Set(test.values as readonly string[]) : null);
}

const riskNumbers: Readonly<Partial<Record<FieldTest['field'], RiskKind>>> = {
  'image.baseline': 'baseline',
  'image.instruction': 'instruction',
  'image.malicious': 'malicious',
  'image.sensitive': 'sensitive',
};

function hasRisk(kind: RiskKind, value: boolean, tallies: Tallies | null): ImageTest {
  return (slot) => (tallies?.risks.open(slot, kind) ?? 0) > 0 === value;
}

function isNumbers(test: FieldTest): boolean {
  return 'values' in test && typeof test.values[0] === 'number';
}

const numberColumns: Readonly<Partial<Record<FieldTest['field'], ImageNumber>>> = {
  'image.id': 'id',
  'image.size': 'size',
  'image.created': 'createdAt',
  'image.updated': 'since',
  'image.scanned': 'scannedAt',
};

function numberOf(field: FieldTest['field'], images: ImagePart): ((slot: number) => number | null) | null {
  if (field === 'registry.id')
    return (slot) => images.repositories[images.repository[slot] as number]?.registryId ?? null;
  const column = numberColumns[field];
  return column === undefined ? null : (slot) => images.rows.number(column, slot);
}

/** @param exact the texts that pass, where they are compared as wholes */
function textOfImage(
  field: FieldTest['field'],
  images: ImagePart,
  passes: (text: string | null) => boolean,
  exact: ReadonlySet<string> | null,
): ImageTest | null {
  const { rows } = images;
  const ofDigest = (name: ImageDigest): ImageTest =>
    exact === null ? (slot) => passes(rows.digest(name, slot)) : rows.digestIn(name, exact);
  switch (field) {
    case 'image.uuid':
      return (slot) => passes(rows.uuid(slot));
    case 'image.digest': {
      const [own, index] = [ofDigest('digest'), ofDigest('indexDigest')];
      return (slot) => own(slot) || index(slot);
    }
    case 'image.imageId':
      return ofDigest('configDigest');
    case 'image.tag':
      return onceEach(rows, 'tag', passes);
    case 'image.os':
      return (slot) => {
        const id = rows.text('osId', slot);
        return id !== null && (passes(id) || passes(`${id}:${rows.text('osVersion', slot) ?? ''}`));
      };
    case 'image.arch':
      return onceEach(rows, 'arch', passes);
    case 'image.scanState':
      return onceEach(rows, 'scanState', passes);
    default:
      return null;
  }
}

/** Asks once for each different text. */
function onceEach(rows: ImageRows, name: ImageText, passes: (text: string | null) => boolean): ImageTest {
  const verdicts: boolean[] = [];
  return (slot) => {
    const number = rows.textNumber(name, slot) + 1;
    verdicts[number] ??= passes(rows.text(name, slot));
    return verdicts[number];
  };
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
      return (slot) => (images.rows.number('scannedAt', slot) !== null) === value;
    case 'image.hasVuln':
      return (slot) => (tallies?.total(slot) ?? 0) > 0 === value;
    case 'image.hasRisk':
      return (slot) => (tallies === null ? 0 : tallies.total(slot) + tallies.risks.total(slot)) > 0 === value;
    case 'image.hasAlarm':
      return hasRisk('malicious', value, tallies);
    case 'image.hasBaseline':
      return hasRisk('baseline', value, tallies);
    case 'image.hasSensitive':
      return hasRisk('sensitive', value, tallies);
    case 'image.hasInstruction':
      return hasRisk('instruction', value, tallies);
    default:
      return null;
  }
}
