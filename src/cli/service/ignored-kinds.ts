import { UsageError } from '../output/errors.ts';

/** Which findings a decision is about; at most one is given, none = vulnerabilities. */
export interface KindOptions {
  readonly baseline?: boolean;
  readonly instruction?: boolean;
  readonly malicious?: boolean;
  readonly sensitive?: boolean;
  readonly falsePositive?: boolean;
}

const kinds = ['baseline', 'instruction', 'malicious', 'sensitive'] as const;

/** The kind of a decision in the words of the API. @throws UsageError when several are given */
export function kindOf(options: KindOptions): 'ignore' | (typeof kinds)[number] {
  const given = kinds.filter((kind) => options[kind] === true);
  if (given.length > 1) throw new UsageError('several kinds of findings', 'Make one decision for each.');
  if (given[0] === undefined && options.falsePositive === true) {
    const hint = 'Vulnerabilities are ignored with a reason; only other findings can be false positives.';
    throw new UsageError('--false-positive needs --baseline, --instruction, --malicious or --sensitive', hint);
  }
  return given[0] ?? 'ignore';
}

/** What a decision names, in the words of the API: hashes of malicious files may be given as they are. */
export function namedIn(kind: ReturnType<typeof kindOf>, ids: readonly string[]): readonly string[] {
  if (kind !== 'malicious') return ids;
  return ids.map((id) => {
    if (/^[0-9a-f]{64}$/i.test(id)) return `sha256:${id.toLowerCase()}`;
    if (/^[0-9a-f]{32}$/i.test(id)) return `md5:${id.toLowerCase()}`;
    return /^(md5|sha256|rule):/.test(id) ? id : `rule:${id}`;
  });
}

/** Whether it is enough to say where: what a whole image has of a kind may be accepted, all vulnerabilities of all may not. */
export function mayNameNothing(kind: ReturnType<typeof kindOf>, narrowed: boolean): boolean {
  return kind !== 'ignore' && narrowed;
}
