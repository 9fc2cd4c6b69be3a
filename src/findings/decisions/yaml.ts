import { parseDocument } from 'yaml';
import { DecisionError } from './errors.ts';
import { decisionLimits } from './limits.ts';

const maxAliases = 100;

/**
 * Parses YAML that somebody else wrote: the core schema, no tags of its own, few aliases, bounded nesting.
 * @throws DecisionError `ignore_file_invalid`
 */
export function parseYaml(text: string, name: string): unknown {
  checkNesting(text, name);
  try {
    const document = parseDocument(text, { schema: 'core', merge: false, customTags: [], logLevel: 'silent' });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : 'not YAML';
    throw new DecisionError('ignore_file_invalid', `${name}: ${why}`, { cause });
  }
}

/** The parser is recursive: brackets and indentation bound its depth from above. */
function checkNesting(text: string, name: string): void {
  let brackets = 0;
  let indents = 0;
  for (const line of text.split('\n')) {
    for (const char of line) {
      if (char === '[' || char === '{') brackets++;
      else if (char === ']' || char === '}') brackets = Math.max(0, brackets - 1);
      if (brackets > decisionLimits.depth) throw tooDeep(name);
    }
    indents = line.length - line.trimStart().length;
    // `- - - -` nests without indenting.
    const dashes = /^[ -]*/.exec(line)?.[0].length ?? 0;
    if (Math.max(indents, dashes) > decisionLimits.depth * 4) throw tooDeep(name);
  }
}

function tooDeep(name: string): DecisionError {
  return new DecisionError('ignore_file_invalid', `${name} is nested deeper than ${decisionLimits.depth} levels`);
}
