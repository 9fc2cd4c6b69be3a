import { compareText } from '../../../kernel/index.ts';

/** Percent-encoding of both signature schemes: UTF-8 bytes except `A-Z a-z 0-9 - _ . ~`, hex in upper case. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Parameters sorted by name in UTF-16 code units, each as `name=value` percent-encoded, joined with `&`. */
export function canonicalQuery(parameters: Iterable<readonly [string, string]>): string {
  return [...parameters]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&');
}
