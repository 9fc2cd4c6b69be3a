import type { CheckContext, CheckOutcome, FactReader, ReadFile } from './contract.ts';
import { notApplicable, unknown } from './outcome.ts';

/** A file that was read with all its facts. */
export type GivenFile<F> = ReadFile<F> & { readonly facts: F };

/** A file of the image, or how a check ends that needs it. */
export type Given<F> = { readonly file: GivenFile<F>; readonly end?: undefined } | { readonly end: CheckOutcome };

/**
 * The file at one path, links followed. Without it a check does not apply; a file that was not read, because it is too
 * large or the link leads to a name that the reader does not know, leaves the check undecided.
 */
export function givenFile<F>(context: CheckContext, reader: FactReader<F>, path: string): Given<F> {
  const file = context.file(reader, path);
  if (file === undefined) {
    const present = context.entry(path)?.content !== undefined;
    return { end: present ? unknown('unreadable', `/${path} was not read`) : notApplicable(`no /${path}`) };
  }
  if (file.facts === undefined) return { end: unknown('too_large', `/${path} is too large`) };
  const facts = file.facts;
  if (typeof facts === 'object' && facts !== null && 'truncated' in facts && facts.truncated === true) {
    return { end: unknown('too_large', `/${path} has too many lines`) };
  }
  return { file: { ...file, facts } };
}
