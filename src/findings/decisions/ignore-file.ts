import type { Diagnostic } from '../../kernel/index.ts';
import type { IgnoreFile, IgnoreRule } from './contract.ts';
import { DecisionError } from './errors.ts';
import { invalidIgnoreFile as invalid, isDay, textList } from './ignore-fields.ts';
import { decisionLimits } from './limits.ts';
import { readTrivyIgnore, readTrivyIgnoreYaml } from './trivy-ignore.ts';
import { parseYaml } from './yaml.ts';

/**
 * Reads an ignore file: our own (YAML with a list `ignore`), `.trivyignore` or `.trivyignore.yaml`, told apart by what is in
 * it. A rule that cannot be understood refuses the whole file: half of a list of exceptions is a surprise.
 * @param name of the file; the author of its rules where they name none.
 * @throws DecisionError `ignore_file_invalid`
 */
export function readIgnoreFile(bytes: Uint8Array, name: string): IgnoreFile {
  if (bytes.length > decisionLimits.bytes) throw invalid(name, `it has ${bytes.length} bytes`);
  const text = decoded(bytes, name);
  if (!/\.ya?ml$/i.test(name)) return { name, ...readTrivyIgnore(text, name) };
  const document = parseYaml(text, name);
  if (document === null || typeof document !== 'object' || Array.isArray(document)) {
    throw invalid(name, 'it must be a mapping with the list `ignore`');
  }
  const fields = document as Readonly<Record<string, unknown>>;
  if (!('ignore' in fields)) return { name, ...readTrivyIgnoreYaml(fields, name) };
  const other = Object.keys(fields).find((key) => key !== 'ignore');
  if (other !== undefined) throw invalid(name, `unknown key ${JSON.stringify(other)}`);
  return { name, ...ownRules(fields.ignore, name) };
}

const keys: ReadonlySet<string> = new Set(['id', 'ids', 'packages', 'paths', 'reason', 'by', 'expires', 'until']);

function ownRules(value: unknown, name: string): { rules: IgnoreRule[]; diagnostics: Diagnostic[] } {
  if (!Array.isArray(value)) throw invalid(name, '`ignore` must be a list');
  if (value.length > decisionLimits.statements) throw invalid(name, 'it has too many rules');
  const rules = value.map((item: unknown, index): IgnoreRule => {
    const where = `rule ${index + 1}`;
    if (item === null || typeof item !== 'object') throw invalid(name, `${where} is no mapping`);
    const fields = item as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(fields).find((key) => !keys.has(key));
    if (unknown !== undefined) throw invalid(name, `${where}: unknown key ${JSON.stringify(unknown)}`);
    const list = (key: string): readonly string[] => textList(fields[key], name, `${where}: ${key}`);
    const ids = [...list('id'), ...list('ids')];
    const [packages, paths] = [list('packages'), list('paths')];
    if (ids.length + packages.length + paths.length === 0) throw invalid(name, `${where} names nothing to ignore`);
    const [reason] = list('reason');
    if (reason === undefined) throw invalid(name, `${where} needs a reason`);
    const [until = null] = list('expires');
    if (until !== null && !isDay(until)) throw invalid(name, `${where}: expires must be a day such as 2027-01-31`);
    const [condition] = list('until');
    if (condition !== undefined && condition !== 'fixable')
      throw invalid(name, `${where}: until can only be "fixable"`);
    return { ids, packages, paths, reason, by: list('by')[0] ?? name, until, untilFixable: condition === 'fixable' };
  });
  return { rules, diagnostics: [] };
}

function decoded(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DecisionError('ignore_file_invalid', `${name} is not text in UTF-8`, { cause });
  }
}
