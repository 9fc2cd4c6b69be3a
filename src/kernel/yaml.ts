import { type Document, parseDocument } from 'yaml';
import { CodedError } from './errors.ts';

/** `yaml_too_deep`, `yaml_invalid` (with the parser's first message). */
export class YamlError extends CodedError<'yaml_too_deep' | 'yaml_invalid'> {}

/**
 * Reads YAML that somebody else wrote: the core schema, no merge keys, no tags of its own, bounded nesting. Aliases are
 * not expanded in the document: whoever turns it into values bounds their number.
 * @throws YamlError
 */
export function readYaml(text: string, depth: number): Document.Parsed {
  checkNesting(text, depth);
  const document = parseDocument(text, { schema: 'core', merge: false, customTags: [], logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new YamlError('yaml_invalid', error.message.split('\n', 1)[0] ?? 'not YAML', { cause: error });
  }
  return document;
}

/** The parser is recursive: brackets and indentation bound its depth from above. */
function checkNesting(text: string, depth: number): void {
  let brackets = 0;
  for (const line of text.split('\n')) {
    for (const char of line) {
      if (char === '[' || char === '{') brackets++;
      else if (char === ']' || char === '}') brackets = Math.max(0, brackets - 1);
      if (brackets > depth) throw tooDeep(depth);
    }
    const indents = line.length - line.trimStart().length;
    // `- - - -` nests without indenting.
    const dashes = /^[ -]*/.exec(line)?.[0].length ?? 0;
    if (Math.max(indents, dashes) > depth * 4) throw tooDeep(depth);
  }
}

function tooDeep(depth: number): YamlError {
  return new YamlError('yaml_too_deep', `nested deeper than ${depth} levels`);
}
