import { createHash, createHmac } from 'node:crypto';
import { sensitiveRules } from './catalogue/list.ts';
import type { ContentRule, FileRule } from './contract.ts';
import { fileRules } from './files/list.ts';
import { contentRules } from './tokens/list.ts';

/** Raised when what rules find changes though no pattern does: code of a parser, a filter, a limit. */
const revision = 1;

/** The rules that a scan asks, and the name under which their facts are kept. */
export interface RuleSelection {
  readonly content: readonly ContentRule[];
  readonly files: readonly FileRule[];
  /** Keys that are reported. */
  readonly keys: ReadonlySet<string>;
  /** Differs for other rules and another key, so that facts of one are never taken for facts of another. */
  readonly fingerprint: string;
}

/**
 * What is looked for: rules that are on by default, without those switched off, with those switched on. Those switched off
 * are looked for all the same and left out of the report: a switch must not make all layers be read again.
 */
export function selectRules(
  { off, on }: { readonly off: readonly string[]; readonly on: readonly string[] },
  secretKey: Uint8Array,
): RuleSelection {
  const asked = new Set(sensitiveRules.filter((rule) => rule.defaultOn || on.includes(rule.key)).map(({ key }) => key));
  const isAsked = ({ key }: { readonly key: string }): boolean => asked.has(key);
  const content = contentRules.filter(isAsked);
  const files = fileRules.filter(isAsked);
  return {
    content,
    files,
    keys: new Set([...asked].filter((key) => !off.includes(key))),
    fingerprint: `${rulesFingerprint(content, files)}-${keyFingerprint(secretKey)}`,
  };
}

function rulesFingerprint(content: readonly ContentRule[], files: readonly FileRule[]): string {
  const parts = [
    ...content.map(({ id, level, keywords, patterns, before, after }) => [
      id,
      level,
      keywords,
      patterns.map(String),
      before,
      after,
    ]),
    ...files.map(({ id, level, names, extensions, where }) => [id, level, names, extensions, String(where)]),
  ];
  return createHash('sha256')
    .update(JSON.stringify([revision, parts]))
    .digest('hex')
    .slice(0, 12);
}

/** Says whether two keys are the same and nothing else about them. */
function keyFingerprint(key: Uint8Array): string {
  return createHmac('sha256', key).update('name of the facts about sensitive files').digest('hex').slice(0, 12);
}
