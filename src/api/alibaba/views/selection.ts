import type { Filter, FlagField, TextField } from '../../../findings/index.ts';
import type { Page } from '../../../service/index.ts';
import { emptyPage } from '../schema/paging.ts';
import { fullDigest } from './digests.ts';

/**
 * What the filters of a request select: everything (`undefined`), what a filter passes, or nothing at all
 * (`nothing`: a cluster, a container, a digest that is none).
 */
export type Selection = Filter | undefined | typeof nothing;

/** Selects nothing. */
export const nothing = Symbol('nothing');

/** One of these texts; absent selects everything. */
export function among(field: TextField, values: string | readonly string[] | undefined): Selection {
  if (values === undefined) return undefined;
  return { field, op: 'in', values: typeof values === 'string' ? [values] : values };
}

/** A part of the text, whatever its case. */
export function containing(field: TextField, value: string | undefined): Selection {
  return value === undefined ? undefined : { field, op: 'contains', values: [value] };
}

/** A flag; absent selects everything. */
export function flagged(field: FlagField, value: boolean | undefined): Selection {
  return value === undefined ? undefined : { field, op: 'is', value };
}

/** One of these digests of manifests, configurations or layers, with or without algorithm. Texts that are no digests name nothing. */
export function digests(
  field: Extract<TextField, 'image.digest' | 'image.imageId' | 'layer'>,
  values: string | readonly string[] | undefined,
): Selection {
  if (values === undefined) return undefined;
  const known = [values].flat().flatMap((value) => fullDigest(value) ?? []);
  return known.length === 0 ? nothing : { field, op: 'in', values: known };
}

/** Filters that name something Drydock does not know (clusters, containers, pods): given, they select nothing. */
export function unknownThing(...values: readonly (string | undefined)[]): Selection {
  return values.some((value) => value !== undefined) ? nothing : undefined;
}

/** `ScanRange`: registry images are of the kind `image`; running containers are not looked at. */
export function inScanRange(ranges: readonly ('image' | 'container')[] | undefined): Selection {
  return ranges === undefined || ranges.includes('image') ? undefined : nothing;
}

/** All of the parts. */
export function allOf(...parts: readonly Selection[]): Selection {
  if (parts.includes(nothing)) return nothing;
  const filters = parts
    .filter((part): part is Filter => part !== undefined && part !== nothing)
    .flatMap((part) => ('and' in part ? part.and : [part]));
  return filters.length <= 1 ? filters[0] : { and: filters };
}

/** Any of the parts; a part that selects everything makes the whole do so. */
export function anyOf(parts: readonly Selection[]): Selection {
  if (parts.length === 0 || parts.includes(undefined)) return undefined;
  const filters = parts.filter((part): part is Filter => part !== undefined && part !== nothing);
  if (filters.length === 0) return nothing;
  return filters.length === 1 ? filters[0] : { or: filters };
}

/** As an optional member of a query, for contracts that tell absent from undefined. */
export function filterOf(selection: Exclude<Selection, typeof nothing>): { filter?: Filter } {
  return selection === undefined ? {} : { filter: selection };
}

/** The page of what is selected; nothing is asked for a selection that holds nothing. */
export async function selectedPage<T>(
  selection: Selection,
  ask: (filter: { filter?: Filter }) => Promise<Page<T>>,
): Promise<Page<T>> {
  return selection === nothing ? emptyPage : ask(filterOf(selection));
}
