import type { Filter } from '../../../findings/index.ts';
import { invalidParameter } from '../errors.ts';
import type { BodyInput } from './body.ts';
import type { QueryInput } from './query.ts';

/** States of a scan in the words of the API, and the states of the inventory behind them. */
const scanStates: Readonly<Record<string, readonly string[]>> = {
  unscan: ['never'],
  success: ['matched', 'partial'],
  scanning: ['pulling', 'analysing'],
  failed: ['failed', 'unsupported', 'too_large'],
  waiting_for_scan: ['queued'],
  image_scan_stop: ['cancelled'],
  image_oversized: ['too_large'],
  // No image is shown in this state: a failed download is `failed`, with its reason.
  download_failed: [],
};

/** Words of `scan_status` where all are allowed. */
export const scanStatusWords = Object.keys(scanStates);

/** Words of `scan_status` in the list of images. */
export const listedScanStatus = ['unscan', 'success', 'scanning', 'failed', 'waiting_for_scan'] as const;

/** Matches nothing; for filters on what Drydock does not know, such as running containers. */
export const nothing: Filter = {
  and: [
    { field: 'image.current', op: 'is', value: true },
    { field: 'image.current', op: 'is', value: false },
  ],
};

/** A filter out of parts; undefined = everything. */
export function allOf(parts: readonly (Filter | undefined)[]): Filter | undefined {
  const given = parts.filter((part) => part !== undefined);
  return given.length <= 1 ? given[0] : { and: given };
}

/** A time range in ms; an end alone is enough. @throws HuaweiRefusal `HSS.0001` when it ends before it starts */
function timeRange(
  input: QueryInput | BodyInput,
  field: 'image.updated' | 'image.scanned',
  names: readonly [string, string],
): readonly (Filter | undefined)[] {
  const [from, to] = [input.integer(names[0]), input.integer(names[1])];
  if (from !== undefined && to !== undefined && from > to) throw invalidParameter(names[0]);
  return [
    from === undefined ? undefined : { field, op: 'ge', values: [from] },
    to === undefined ? undefined : { field, op: 'le', values: [to] },
  ];
}

/** Images in one of the states that a word stands for. */
export function scanStatusFilter(word: string | undefined): Filter | undefined {
  if (word === undefined) return undefined;
  const states = scanStates[word] ?? [];
  return states.length === 0 ? nothing : { field: 'image.scanState', op: 'in', values: states };
}

/**
 * The image filters that the list, the export, the scans and the statistics share: name, tag, size, times, containers.
 * The tag counts only together with a name.
 */
export function imageCriteria(
  input: QueryInput | BodyInput,
  options: { readonly scanStatus: readonly string[]; readonly maxName: number },
): Filter | undefined {
  const name = textOf(input, 'image_name', options.maxName);
  const version = textOf(input, 'image_version', options.maxName);
  const size = input.integer('image_size');
  const container = input.flag('has_container');
  return allOf([
    nameFilter(name),
    name === undefined || version === undefined ? undefined : { field: 'image.tag', op: 'in', values: [version] },
    scanStatusFilter(input.word('scan_status', options.scanStatus)),
    size === undefined ? undefined : { field: 'image.size', op: 'in', values: [size] },
    ...timeRange(input, 'image.updated', ['start_latest_update_time', 'end_latest_update_time']),
    ...timeRange(input, 'image.scanned', ['start_latest_scan_time', 'end_latest_scan_time']),
    container === true ? nothing : undefined,
  ]);
}

/**
 * Images whose repository holds a text, compared exactly as the vendor does. Filters ignore case, but repository names
 * have no upper case by the grammar of references, so a text with one is in none of them.
 */
export function nameFilter(text: string | undefined): Filter | undefined {
  if (text === undefined) return undefined;
  return text === text.toLowerCase() ? { field: 'repository.path', op: 'contains', values: [text] } : nothing;
}

function textOf(input: QueryInput | BodyInput, name: string, max: number): string | undefined {
  const text = input.text(name, { max });
  return text === '' ? undefined : text;
}

/** Filters on servers and containers: whatever names one selects nothing, since none is known. */
export function hostCriteria(input: QueryInput | BodyInput, names: readonly string[]): Filter | undefined {
  return names.some((name) => (input.text(name, { max: 65_535 }) ?? '') !== '') ? nothing : undefined;
}

/** `swr_image` or `other_image`; all images here are of the second kind. */
export function localTypeFilter(input: QueryInput | BodyInput): Filter | undefined {
  return input.word('local_image_type', ['other_image', 'swr_image']) === 'swr_image' ? nothing : undefined;
}

/** Images by their ids; an empty list selects nothing. */
export function imagesFilter(uuids: readonly string[]): Filter {
  return uuids.length === 0 ? nothing : { field: 'image.uuid', op: 'in', values: [...new Set(uuids)] };
}

/** Vulnerabilities by id or key; an empty list selects nothing. */
export function vulnerabilitiesFilter(ids: readonly string[]): Filter {
  if (ids.length === 0) return nothing;
  const values = [...new Set(ids)];
  return {
    or: [
      { field: 'vuln.id', op: 'in', values },
      { field: 'vuln.key', op: 'in', values },
    ],
  };
}

/** `linux_vul` and `app_vul` as kinds of findings. */
export const vulTypes = ['linux_vul', 'app_vul'] as const;

export type VulType = (typeof vulTypes)[number];

/** Findings of a type. */
export function typeFilter(type: VulType | undefined): Filter | undefined {
  return type === undefined ? undefined : { field: 'kind', op: 'in', values: [type === 'linux_vul' ? 'cve' : 'sca'] };
}

/** Findings that are handled or not. */
export function handledFilter(handled: boolean | undefined): Filter | undefined {
  return handled === undefined ? undefined : { field: 'handled', op: 'is', value: handled };
}

/** Findings by the level shown; what is not rated is shown as the lowest. */
export function levelFilter(level: string | undefined): Filter | undefined {
  if (level === undefined) return undefined;
  return {
    field: 'severity',
    op: 'in',
    values: level === 'Low' ? ['low', 'negligible', 'unknown'] : [level.toLowerCase()],
  };
}

/** Complete CVE ids exactly, parts of one anywhere. */
export function cveFilter(text: string | undefined): Filter | undefined {
  if (text === undefined) return undefined;
  return { field: 'vuln.id', op: /^CVE-\d{4}-\d{4,}$/.test(text) ? 'in' : 'contains', values: [text] };
}

/** Which of the vendor's kinds of images a view is about. Those of Drydock are local and registry images alike. */
export function imageTypeFilter(type: 'local' | 'registry' | 'cicd' | 'cluster'): Filter | undefined {
  return type === 'local' || type === 'registry' ? undefined : nothing;
}
