/** What a tag may be (OCI distribution specification). */
const tagGrammar = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Tags that the engine keeps for itself. */
const reservedPrefix = 'drydock-tmp-';

/** Whether a text may name the result of a fix. */
export function isTargetTag(text: string): boolean {
  return tagGrammar.test(text) && !text.startsWith(reservedPrefix);
}

/**
 * The tag of a result for which none was asked: the source's with `_fix_<ms>`, an older such ending replaced, shortened
 * where it would become too long.
 */
export function derivedTag(source: { readonly tag: string | null; readonly digest: string }, ms: number): string {
  const ending = `_fix_${ms}`;
  const base = (source.tag ?? source.digest.slice(source.digest.indexOf(':') + 1).slice(0, 12)).replace(
    /_fix_\d+$/,
    '',
  );
  return base.slice(0, 128 - ending.length) + ending;
}
