import { isJsonObject, type JsonValue } from '../../../kernel/index.ts';
import { invalid } from '../errors.ts';
import { lowerFirst } from '../protocol/strict-json.ts';
import { registryTypes } from './registry.ts';
import { allOf, among, anyOf, digests, flagged, type Selection } from './selection.ts';

/** A criterion of a search box: how it is shown, and what one value of it selects. */
export interface Criterion {
  readonly name: string;
  /** Choices of a pick list; undefined = free text. */
  readonly values?: readonly string[];
  select(value: string): Selection;
  /** What a part of a value selects, to tell whether a typed text fits. */
  readonly probe?: (part: string) => Selection;
}

type InputField = Parameters<typeof among>[0];

function input(name: string, field: InputField): Criterion {
  return {
    name,
    select: (value) => among(field, value),
    probe: (part) => ({ field, op: 'contains', values: [part] }),
  };
}

function yesOrNo(
  name: string,
  field: 'image.hasVuln' | 'image.hasAlarm' | 'image.hasBaseline' | 'image.hasRisk',
): Criterion {
  return { name, values: ['NO', 'YES'], select: (value) => flagged(field, value === 'YES') };
}

const tag = input('tag', 'image.tag');
const digest: Criterion = { ...input('digest', 'image.digest'), select: (value) => digests('image.digest', value) };
const vulStatus = yesOrNo('vulStatus', 'image.hasVuln');
const alarmStatus = yesOrNo('alarmStatus', 'image.hasAlarm');
const hcStatus = yesOrNo('hcStatus', 'image.hasBaseline');
const riskStatus = yesOrNo('riskStatus', 'image.hasRisk');
const registryType: Criterion = {
  name: 'registryType',
  values: registryTypes,
  select: (value) => among('registry.type', value),
};

/** Criteria that `DescribeImageCriteria` tells. */
export const imageCriteria: readonly Criterion[] = [tag, digest, vulStatus, alarmStatus, riskStatus, registryType];

/** Criteria that `DescribeImageRepoCriteria` tells. */
export const repositoryCriteria: readonly Criterion[] = [
  input('instanceId', 'registry.instanceId'),
  input('repoName', 'repository.name'),
  input('repoId', 'repository.id'),
  input('repoNamespace', 'repository.namespace'),
  input('regionId', 'registry.region'),
  vulStatus,
  alarmStatus,
  hcStatus,
  riskStatus,
  registryType,
  { ...input('imageId', 'image.imageId'), select: (value) => digests('image.imageId', value) },
  tag,
];

/** Most criteria that one request may hold. */
const maxCriteria = 50;

/**
 * What a `Criteria` document selects: an array of `{name, value, logicalExp}`, joined by `LogicalExp`. One value may be
 * several, between commas, joined by the entry's own `logicalExp`. Empty values do not filter.
 * @throws RpcError `InvalidCriteria`
 */
export function selectByCriteria(
  criteria: JsonValue | undefined,
  logicalExp: 'OR' | 'AND' | undefined,
  known: readonly Criterion[],
): Selection {
  if (criteria === undefined) return undefined;
  const entries = Array.isArray(criteria) ? (criteria as readonly JsonValue[]) : [criteria];
  if (entries.length > maxCriteria) throw invalid('Criteria');
  const parts = entries.flatMap((entry) => selectByEntry(entry, known));
  return logicalExp === 'OR' ? anyOf(parts) : allOf(...parts);
}

function selectByEntry(entry: JsonValue, known: readonly Criterion[]): readonly Selection[] {
  const members = isJsonObject(entry) ? lowerFirst(entry) : undefined;
  const criterion = known.find(({ name }) => name === members?.name);
  const { value = '', logicalExp = 'OR' } = members ?? {};
  const join = typeof logicalExp === 'string' ? logicalExp.toUpperCase() : '';
  if (criterion === undefined || (typeof value !== 'string' && typeof value !== 'number')) throw invalid('Criteria');
  if (join !== 'AND' && join !== 'OR' && join !== '') throw invalid('Criteria');
  const values = [
    ...new Set(
      String(value)
        .split(',')
        .map((part) => part.trim()),
    ),
  ].filter((part) => part !== '');
  if (values.length === 0) return [];
  const parts = values.map((part) => criterion.select(chosen(criterion, part)));
  return [join === 'AND' ? allOf(...parts) : anyOf(parts)];
}

function chosen(criterion: Criterion, value: string): string {
  if (criterion.values === undefined) return value;
  const found = criterion.values.find((choice) => choice.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw invalid('Criteria');
  return found;
}

/** All criteria of either kind; lists of images accept the union. */
export const allCriteria: readonly Criterion[] = [
  ...repositoryCriteria,
  ...imageCriteria.filter(({ name }) => !repositoryCriteria.some((other) => other.name === name)),
];
