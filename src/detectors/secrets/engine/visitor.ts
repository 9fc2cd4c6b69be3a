import type { LayerVisitor } from '../../../image/index.ts';
import type { FileRule } from '../contract.ts';
import type { Incomplete, SecretFact, SecretFacts } from '../facts.ts';
import { fileRuleIndex } from './file-rule-index.ts';
import { blockBytes, FileScan } from './file-scan.ts';
import type { CompiledRules } from './window-scan.ts';

/** Facts that are kept of one layer (risks.md §6). */
const maxFacts = 10_000;
/** Files that are named because they were not looked at to their end. */
const maxIncomplete = 100;

/** With what a layer is looked through. */
export interface VisitorOptions {
  readonly id: string;
  readonly version: number;
  readonly compiled: CompiledRules;
  readonly fileRules: readonly FileRule[];
  readonly key: Uint8Array;
  /** Default: the clock of the process. */
  readonly now?: () => number;
}

/** Makes visitors that look for secrets in every regular file of a layer. */
export function secretVisitors(options: VisitorOptions): () => LayerVisitor<SecretFacts> {
  const fileRules = fileRuleIndex(options.fileRules);
  return () => secretVisitor(options, fileRules);
}

function secretVisitor(
  { id, version, compiled, key, now = () => performance.now() }: VisitorOptions,
  fileRules: ReturnType<typeof fileRuleIndex>,
): LayerVisitor<SecretFacts> {
  const found = new Map<string, readonly SecretFact[]>();
  const incomplete = new Map<string, Incomplete>();
  let facts = 0;
  let block: Buffer | undefined;
  const context = {
    ...{ compiled, key, fileRules, now },
    block: () => {
      block ??= Buffer.allocUnsafeSlow(blockBytes);
      return block;
    },
    done(path: string, of: readonly SecretFact[], why: Incomplete | undefined): void {
      // A name that a layer has twice is the last one's.
      facts += of.length - (found.get(path)?.length ?? 0);
      if (of.length > 0) found.set(path, of);
      else found.delete(path);
      if (why !== undefined) incomplete.set(path, why);
      else incomplete.delete(path);
    },
  };
  return {
    ...{ id, version },
    wants: ({ type, size }) => (type === 'file' && size > 0 ? 'sink' : 'skip'),
    file() {},
    sink: (entry) => new FileScan(entry, context),
    finish(): SecretFacts {
      return {
        found: [...found.values()].flat().slice(0, maxFacts),
        incomplete: [...incomplete].slice(0, maxIncomplete).map(([path, why]) => ({ path, why })),
        incompleteTotal: incomplete.size,
        dropped: Math.max(0, facts - maxFacts),
      };
    },
  };
}
