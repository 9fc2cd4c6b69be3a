import type { Command, Option } from 'commander';
import { UsageError } from './output/errors.ts';

/** Options that stand for one another: one on the command line keeps the variables of the others out. */
const alternatives: readonly (readonly string[])[] = [
  ['cve', 'package', 'severity', 'allFixable'],
  ['tag', 'tagSuffix'],
  ['format', 'json'],
];

/**
 * The variable of an option: `DRYDOCK_`, the words of the command, the option, in upper snake case; for example
 * `DRYDOCK_FIX_TAG_SUFFIX` or `DRYDOCK_DB_UPDATE_FROM`.
 */
export function variableOf(command: Command, option: Option): string {
  const words = [option.long?.replace(/^--/, '') ?? option.name()];
  for (let at: Command | null = command; at?.parent; at = at.parent) words.unshift(at.name());
  return `DRYDOCK_${words.join('_').replaceAll('-', '_').toUpperCase()}`;
}

/**
 * Gives a command that is about to run the options that the environment sets and the command line does not. Lists are
 * separated by commas; switches are `true` or `false`; an empty variable is none.
 * @throws UsageError naming the variable
 */
export function applyEnvironment(command: Command, env: Readonly<Record<string, string | undefined>>): void {
  const typed = new Set(
    command.options
      .map((option) => option.attributeName())
      .filter((name) => command.getOptionValueSource(name) === 'cli'),
  );
  for (const option of command.options) {
    const name = option.attributeName();
    const variable = variableOf(command, option);
    const text = env[variable];
    if (text === undefined || text === '' || typed.has(name)) continue;
    if (alternatives.some((group) => group.includes(name) && group.some((other) => typed.has(other)))) continue;
    const value = readValue(option, text, variable);
    // A switch that is off is one that was not given.
    if (value !== false) command.setOptionValueWithSource(name, option.negate ? false : value, 'env');
  }
}

function readValue(option: Option, text: string, variable: string): string | readonly string[] | boolean {
  const takesValue = option.required || option.optional;
  if (takesValue) return isList(option) ? text.split(',').filter((item) => item !== '') : text;
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new UsageError(`${variable} is ${JSON.stringify(text)}`, `Set ${variable} to true or false.`);
}

/** Options with a function collect their values when repeated. */
function isList(option: Option): boolean {
  return option.variadic || option.parseArg !== undefined;
}
