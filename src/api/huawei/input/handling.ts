import type { Filter } from '../../../findings/index.ts';
import { invalidParameter } from '../errors.ts';
import type { BodyInput } from './body.ts';
import {
  allOf,
  handledFilter,
  imagesFilter,
  imageTypeFilter,
  nothing,
  typeFilter,
  type VulType,
  vulnerabilitiesFilter,
  vulTypes,
} from './criteria.ts';

/** Images and vulnerabilities that belong together; null = all of them. */
export interface HandlingPart {
  readonly images: readonly string[] | null;
  readonly vulnerabilities: readonly string[] | null;
}

/** What a request to handle vulnerabilities is about. */
export interface HandlingInput {
  readonly operate: 'ignore' | 'not_ignore' | 'manual_repair' | 'add_to_whitelist';
  readonly type: VulType;
  readonly parts: readonly HandlingPart[];
  readonly handled: boolean | undefined;
  readonly remark: string;
  /** The vendor's kind of image that Drydock does not have: nothing is selected. */
  readonly empty: boolean;
}

const maxParts = 2048;
const id = { min: 1, max: 256 } as const;

/** Reads the body of the handling operations (huawei.md §4.3). @throws HuaweiRefusal `HSS.0001` */
export function handlingInput(body: BodyInput): HandlingInput {
  const imageType = body.need('image_type', body.word('image_type', ['local', 'registry', 'cicd']));
  const type = body.need('type', body.word('type', vulTypes));
  const operate = body.need(
    'operate_type',
    body.word('operate_type', ['ignore', 'not_ignore', 'manual_repair', 'add_to_whitelist']),
  );
  const status = body.word('handle_status', ['unhandled', 'handled']);
  return {
    operate,
    type,
    parts: partsOf(body),
    handled: status === undefined ? undefined : status === 'handled',
    remark: body.text('remark', { max: 512 }) ?? '',
    empty: imageTypeFilter(imageType) !== undefined,
  };
}

function partsOf(body: BodyInput): readonly HandlingPart[] {
  const select = body.need(
    'select_type',
    body.word('select_type', ['all_vul', 'specific_image_all_vul', 'specific_vul_all_image', 'vul_view', 'image_view']),
  );
  switch (select) {
    case 'all_vul':
      return [{ images: null, vulnerabilities: null }];
    case 'specific_image_all_vul':
      return [{ images: some(body, 'image_id_list'), vulnerabilities: null }];
    case 'specific_vul_all_image':
      return [{ images: null, vulnerabilities: some(body, 'vul_id_list') }];
    case 'vul_view':
      return entries(body, 'vul_data_list').map((entry) => ({
        vulnerabilities: [entry.need('vul_id', entry.text('vul_id', id))],
        images: some(entry, 'image_id_list'),
      }));
    case 'image_view':
      return entries(body, 'image_data_list').map((entry) => ({
        images: [entry.need('image_id', entry.text('image_id', id))],
        vulnerabilities: some(entry, 'vul_id_list'),
      }));
  }
}

function some(body: BodyInput, name: string): readonly string[] {
  const values = body.need(name, body.texts(name, maxParts, id));
  if (values.length === 0) throw invalidParameter(name);
  return [...new Set(values)];
}

function entries(body: BodyInput, name: string): readonly BodyInput[] {
  const values = body.need(name, body.objects(name, maxParts));
  if (values.length === 0) throw invalidParameter(name);
  return values;
}

/** The findings that a request addresses. */
export function handlingFilter(input: HandlingInput): Filter {
  if (input.empty) return nothing;
  const parts = input.parts.map(
    ({ images, vulnerabilities }) =>
      allOf([
        images === null ? undefined : imagesFilter(images),
        vulnerabilities === null ? undefined : vulnerabilitiesFilter(vulnerabilities),
      ]) ?? [],
  );
  const all = parts.some((part) => Array.isArray(part));
  const any: Filter | undefined = all ? undefined : { or: parts.filter((part) => !Array.isArray(part)) as Filter[] };
  return allOf([any, typeFilter(input.type), handledFilter(input.handled)]) ?? nothing;
}
