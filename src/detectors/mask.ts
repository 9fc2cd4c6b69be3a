/**
 * The only form in which a value that may be secret leaves the place where it was read (risks.md §4.5): the first four and
 * the last two characters; of twelve characters or fewer the first two only.
 */
export function maskValue(value: string): string {
  const characters = [...value];
  if (characters.length <= 12) return `${characters.slice(0, 2).join('')}…`;
  return `${characters.slice(0, 4).join('')}…${characters.slice(-2).join('')}`;
}

const maxExcerpt = 256;

/** A line of evidence with some of its parts masked, cut to what reports keep. Ranges are in the text, in order. */
export function maskText(text: string, ranges: readonly { readonly start: number; readonly end: number }[]): string {
  return cut(maskParts(text, ranges));
}

/** The same at full length. */
export function maskParts(text: string, ranges: readonly { readonly start: number; readonly end: number }[]): string {
  let masked = '';
  let at = 0;
  for (const { start, end } of ranges) {
    if (start < at) continue;
    masked += text.slice(at, start) + maskValue(text.slice(start, end));
    at = end;
  }
  return masked + text.slice(at);
}

/** At most what reports keep of an excerpt. */
export function cut(text: string): string {
  return text.length <= maxExcerpt ? text : `${text.slice(0, maxExcerpt - 1)}…`;
}
