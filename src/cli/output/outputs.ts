import { UsageError } from './errors.ts';

/** One place where a result goes; without a file, standard output. */
export interface OutputChoice<F> {
  readonly format: F;
  readonly file: string | undefined;
}

/**
 * The outputs after `-o`, where `--json` is short for `-o json`; a table on standard output when none is asked for.
 * @throws UsageError
 */
export function parseOutputs<F extends { readonly id: string }>(
  options: { readonly format?: readonly string[]; readonly json?: boolean },
  formats: readonly F[],
): readonly OutputChoice<F>[] {
  const wanted = [...(options.format ?? []), ...(options.json ? ['json'] : [])];
  const outputs = (wanted.length === 0 ? ['table'] : wanted).map((text): OutputChoice<F> => {
    const equals = text.indexOf('=');
    const id = equals < 0 ? text : text.slice(0, equals);
    const format = formats.find((known) => known.id === id);
    if (format === undefined) {
      throw new UsageError(`unknown format "${id}"`, `Use one of ${formats.map((known) => known.id).join(', ')}.`);
    }
    const file = equals < 0 ? undefined : text.slice(equals + 1);
    if (file === '') throw new UsageError(`-o ${text} names no file`);
    return { format, file };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError('only one format can go to standard output', 'Write the others to files: -o json=FILE.');
  }
  const files = outputs.flatMap(({ file }) => file ?? []);
  if (new Set(files).size < files.length) throw new UsageError('two formats cannot go to the same file');
  return outputs;
}
