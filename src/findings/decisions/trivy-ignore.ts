import type { Diagnostic } from '../../kernel/index.ts';
import type { IgnoreRule } from './contract.ts';
import { invalidIgnoreFile as invalid, isDay, textList } from './ignore-fields.ts';

type Read = { readonly rules: readonly IgnoreRule[]; readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads the plain form: one id a line, `#` begins a comment, `exp:YYYY-MM-DD` ends a rule. Comments directly above an id are
 * its reason.
 * @throws DecisionError `ignore_file_invalid` for an end that is no day: it would never end
 */
export function readTrivyIgnore(text: string, name: string): Read {
  const rules: IgnoreRule[] = [];
  let comment: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const hash = line.indexOf('#');
    const words = (hash < 0 ? line : line.slice(0, hash)).split(/[ \t\r]/).filter(Boolean);
    const note = hash < 0 ? '' : line.slice(hash + 1).trim();
    const [id, ...options] = words;
    if (id === undefined) {
      comment = note === '' ? [] : [...comment, note].slice(-10);
      continue;
    }
    const expiry = options.find((option) => option.startsWith('exp:'))?.slice('exp:'.length) ?? null;
    if (expiry !== null && !isDay(expiry))
      throw invalid(name, `line ${index + 1}: exp: wants a day such as 2027-01-31`);
    const reason = [...comment, note].filter(Boolean).join(' ') || `listed in ${name}`;
    rules.push(rule({ ids: [id], reason: reason.slice(0, 2_000), by: name, until: expiry }));
    comment = [];
  }
  return { rules, diagnostics: [] };
}

/** Reads the YAML form; its lists about other things than vulnerabilities are told and left alone. */
export function readTrivyIgnoreYaml(fields: Readonly<Record<string, unknown>>, name: string): Read {
  const others = Object.keys(fields).filter((key) => key !== 'vulnerabilities');
  const known = ['misconfigurations', 'secrets', 'licenses'];
  const odd = others.find((key) => !known.includes(key));
  if (odd !== undefined) throw invalid(name, `unknown key ${JSON.stringify(odd)}`);
  const list = fields.vulnerabilities ?? [];
  if (!Array.isArray(list)) throw invalid(name, '`vulnerabilities` must be a list');
  const rules = list.map((item: unknown, index): IgnoreRule => {
    const where = `vulnerability ${index + 1}`;
    if (item === null || typeof item !== 'object') throw invalid(name, `${where} is no mapping`);
    const entry = item as Readonly<Record<string, unknown>>;
    const texts = (key: string): readonly string[] => textList(entry[key], name, `${where}: ${key}`);
    const ids = texts('id');
    if (ids.length !== 1) throw invalid(name, `${where} needs one id`);
    const [until = null] = texts('expired_at');
    if (until !== null && !isDay(until)) throw invalid(name, `${where}: expired_at must be a day such as 2027-01-31`);
    const reason = texts('statement')[0] ?? `listed in ${name}`;
    return { ...rule({ ids, reason, by: name, until }), packages: texts('purls'), paths: texts('paths') };
  });
  const message = `${name}: ${others.join(', ')} are not about vulnerabilities and are not applied.`;
  return { rules, diagnostics: others.length === 0 ? [] : [{ code: 'ignore_rules_skipped', message }] };
}

function rule(given: Pick<IgnoreRule, 'ids' | 'reason' | 'by' | 'until'>): IgnoreRule {
  return { ...given, packages: [], paths: [], untilFixable: false };
}
