import { readYaml, YamlError } from '../../kernel/index.ts';
import { DecisionError } from './errors.ts';
import { decisionLimits } from './limits.ts';

const maxAliases = 100;

/**
 * Parses YAML that somebody else wrote: the core schema, no tags of its own, few aliases, bounded nesting.
 * @throws DecisionError `ignore_file_invalid`
 */
export function parseYaml(text: string, name: string): unknown {
  try {
    return readYaml(text, decisionLimits.depth).toJS({ maxAliasCount: maxAliases });
  } catch (cause) {
    if (cause instanceof YamlError && cause.code === 'yaml_too_deep') {
      throw new DecisionError('ignore_file_invalid', `${name} is ${cause.message}`, { cause });
    }
    const why = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : 'not YAML';
    throw new DecisionError('ignore_file_invalid', `${name}: ${why}`, { cause });
  }
}
