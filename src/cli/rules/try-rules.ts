import { type CompiledRules, type RuleHit, scanContent, sourcesOf } from '../../detectors/index.ts';
import { terminalText } from '../../exports/index.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { UsageError } from '../output/errors.ts';
import type { RulesDeps } from './contract.ts';
import { rejectedLines } from './listing.ts';

/** Offsets of a hit that are shown; all that were kept are in the document. */
const shownMatches = 5;

interface Verdict {
  readonly file: string;
  readonly hits: readonly RuleHit[];
  readonly timedOut: boolean;
}

/** Lets the rules in use, or those of files, look at local files. 3 when something matched. */
export async function tryRules(
  files: readonly string[],
  options: { readonly rules: readonly string[]; readonly json: boolean },
  deps: RulesDeps,
): Promise<ExitCode> {
  if (files.length === 0 && options.rules.length === 0) {
    throw new UsageError('there is nothing to test', 'Name files to look at, or rules with --rules FILE.');
  }
  const { set, rejected } = await compiledRules(options.rules, deps);
  const verdicts: Verdict[] = [];
  for (const path of files) {
    deps.signal.throwIfAborted();
    const { size, content } = await deps.openFile(path);
    verdicts.push({ file: path, ...(await scanContent(set, { path, size }, content)) });
  }
  const { stdout, stderr } = deps.terminal;
  if (options.json) {
    const document = { schemaVersion: 1, rules: set.rules, rejected, files: verdicts };
    stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  } else {
    // Those in use have been told of when they were imported.
    if (options.rules.length > 0) stderr.write(rejectedLines('--rules', rejected, rejected.length));
    for (const verdict of verdicts) stdout.write(verdictText(verdict));
    if (files.length === 0) stdout.write(`Rules that can be used: ${set.rules.toLocaleString('en')}.\n`);
  }
  if (verdicts.some(({ hits }) => hits.length > 0)) return exitCodes.threshold;
  const unsure = verdicts.some(({ timedOut }) => timedOut) || (files.length === 0 && rejected.length > 0);
  return unsure ? exitCodes.partial : exitCodes.ok;
}

async function compiledRules(paths: readonly string[], { service, readRules }: RulesDeps): Promise<CompiledRules> {
  if (paths.length === 0) return service.rules.compiled();
  const { sources, rejected } = sourcesOf('--rules', await readRules(paths));
  const compiled = service.compile(sources);
  return { set: compiled.set, rejected: [...rejected, ...compiled.rejected] };
}

function verdictText({ file, hits, timedOut }: Verdict): string {
  const name = terminalText(file);
  const lines = hits.map(({ rule, source, level, observed, matches }) => {
    const offsets = matches.slice(0, shownMatches).map(({ offset, length }) => `${offset}+${length}`);
    const more = matches.length > shownMatches ? ` and ${matches.length - shownMatches} more` : '';
    const where = offsets.length === 0 ? '' : `  at ${offsets.join(', ')}${more}`;
    return `${name}  ${terminalText(rule, 128)}  ${terminalText(source)}  ${level}${observed ? ' (observed)' : ''}${where}\n`;
  });
  const late = timedOut ? [`${name}  the time for one file ran out; there may be more\n`] : [];
  return lines.length + late.length === 0 ? `${name}  no hit\n` : [...lines, ...late].join('');
}
