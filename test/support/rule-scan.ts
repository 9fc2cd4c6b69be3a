import type { RuleHit, RuleSet, RuleSource } from '../../src/detectors/index.ts';
import { compileRules } from '../../src/detectors/malware/engine/compile.ts';

/** Rules as a source of the tests. */
export function ruleSource(text: string, format: RuleSource['format'] = 'yara', name = 'test'): RuleSource {
  return { source: 'bundled', format, name, text, observed: false };
}

/** A set of rules of which none may be rejected. */
export function usableRules(text: string, format: RuleSource['format'] = 'yara'): RuleSet {
  const { set, rejected } = compileRules([ruleSource(text, format)]);
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected));
  return set;
}

/** Hits on a file that comes in chunks of these sizes, repeated; in one without any. */
export function scanBytes(
  set: RuleSet,
  bytes: Uint8Array,
  sizes: readonly number[] = [],
  path = 'srv/file.bin',
): readonly RuleHit[] {
  const scan = set.scan({ path, size: bytes.length });
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    // A copy that is spoilt afterwards, as the walk does with its buffers.
    const chunk = new Uint8Array(bytes.subarray(at, at + size));
    scan.chunk(chunk);
    chunk.fill(0x5a);
    at += size;
  }
  const { hits, timedOut } = scan.end();
  if (timedOut) throw new Error('the time for the file ran out');
  return hits;
}

/** Each hit as `rule offset+length …`. */
export function told(hits: readonly RuleHit[]): string[] {
  return hits.map(({ rule, matches }) =>
    [rule, ...matches.map(({ offset, length }) => `${offset}+${length}`)].join(' '),
  );
}
