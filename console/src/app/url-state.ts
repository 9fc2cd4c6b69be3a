import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** What stands behind the `?` of an address: texts by name. */
export type Search = Readonly<Record<string, string>>;

/** Reads an address; everything is text, so that a filter looks like one. */
export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Writes it again, without what is empty. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** A piece of state that lives in the address: filter, sort, tab. An absent one is `fallback`, and setting it to that removes it. */
export function useUrlState(
  key: string,
  fallback = '',
): readonly [string, (value: string, options?: { push?: boolean }) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const set = useCallback(
    (value: string, options?: { push?: boolean }) => {
      navigate({
        to: '.',
        search: ((old: Search) => ({ ...old, [key]: value === fallback ? undefined : value })) as never,
        replace: options?.push !== true,
        resetScroll: false,
      });
    },
    [navigate, key, fallback],
  );
  return [search[key] ?? fallback, set];
}

/** Several pieces at once: one entry of the history. */
export function useSetSearch(): (change: Readonly<Record<string, string | undefined>>) => void {
  const navigate = useNavigate();
  return useCallback(
    (change) => {
      navigate({
        to: '.',
        search: ((old: Search) => ({ ...old, ...change })) as never,
        replace: true,
        resetScroll: false,
      });
    },
    [navigate],
  );
}
