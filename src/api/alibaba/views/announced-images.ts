import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.ts';
import type { RegistryService } from '../../../service/index.ts';
import { invalid } from '../errors.ts';
import { lowerFirst } from '../protocol/strict-json.ts';
import { fullDigest } from './digests.ts';

type Announced = Parameters<RegistryService['announce']>[1][number];

/** Images that one call may name. */
const maxImages = 1000;

/** Reads the `Images` parameter. @throws RpcError `InvalidImages` */
export function announcedImages(images: JsonValue): readonly Announced[] {
  const entries = Array.isArray(images) ? (images as readonly JsonValue[]) : [images];
  if (entries.length === 0 || entries.length > maxImages) throw invalid('Images');
  return entries.map(announced);
}

function announced(entry: JsonValue): Announced {
  const members = isJsonObject(entry) ? lowerFirst(entry) : undefined;
  if (members === undefined) throw invalid('Images');
  const type = textOf(members, 'registryType');
  if (type !== null && !['acr', 'harbor', 'quay'].includes(type.toLowerCase())) throw invalid('Images');
  const digest = fullDigest(needed(members, 'digest'));
  const tag = needed(members, 'tag');
  if (digest === undefined || !/^\w[\w.-]{0,127}$/.test(tag)) throw invalid('Images');
  timeOf(members, 'createTime');
  return {
    registryInstanceId: needed(members, 'instanceId'),
    repositoryExtId: textOf(members, 'repoId'),
    namespace: textOf(members, 'repoNamespace') ?? '',
    name: needed(members, 'repoName'),
    tag,
    digest,
    updatedAt: timeOf(members, 'updateTime'),
  };
}

function textOf(members: JsonObject, name: string): string | null {
  const value = members[name] ?? '';
  if (typeof value !== 'string' || value.length > 512) throw invalid('Images');
  return value === '' ? null : value;
}

function needed(members: JsonObject, name: string): string {
  const value = textOf(members, name);
  if (value === null) throw invalid('Images');
  return value;
}

/** ms, as a number or as digits. */
function timeOf(members: JsonObject, name: string): number | null {
  const value = members[name];
  if (value === undefined || value === null || value === '') return null;
  const time = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof time !== 'number' || !Number.isSafeInteger(time) || time < 0) throw invalid('Images');
  return time;
}
