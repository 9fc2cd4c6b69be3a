/** What may stand between a name and its value in the usual notations: `=`, `: "`, `>`, `', '`, blanks. */
const between = '[\\s"\'`=:>,(]{1,8}';

/**
 * A pattern for values without a mark of their own: a name that says whose they are, at most forty characters of the same
 * name, and the value.
 * @param name source of a pattern without groups; value likewise.
 */
export function assigned(name: string, value: string): RegExp {
  return new RegExp(`(?:${name})[\\w.-]{0,40}["'\\]]{0,2}${between}(?<value>${value})(?![\\w-])`, 'gi');
}

/** The spelling of a UUID. */
export const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
