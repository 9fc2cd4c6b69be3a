import type { MaliciousLevel, OutsideVerdict } from '../../../detectors/index.ts';
import { CodedError, type Diagnostic } from '../../../kernel/index.ts';

/** What a reply to one file means. */
export type Reply =
  | { readonly kind: 'clean' }
  | { readonly kind: 'found'; readonly signature: string }
  /** The file was not looked at to its end. */
  | {
      readonly kind: 'incomplete';
      readonly code: 'engine_limit' | 'engine_failed' | 'engine_timeout';
      readonly why: string;
    };

const maxText = 256;

/** Reads `stream: OK`, `stream: NAME FOUND` and `… ERROR`; anything else is no reply of clamd. */
export function readReply(text: string): Reply {
  const line = text.trim();
  if (/^(stream|instream\([^)]{0,64}\)): OK$/.test(line)) return { kind: 'clean' };
  const [, signature] = /^(?:stream|instream\([^)]{0,64}\)): (\S.*?) FOUND$/.exec(line) ?? [];
  if (signature !== undefined) return foundReply(signature.slice(0, maxText));
  if (/size limit exceeded/i.test(line)) {
    const why = 'it is larger than the StreamMaxLength of the daemon';
    return { kind: 'incomplete', code: 'engine_limit', why };
  }
  if (/time ?(limit|out)/i.test(line)) {
    return { kind: 'incomplete', code: 'engine_timeout', why: 'the daemon ran out of its time for one file' };
  }
  const why = `the daemon answered ${JSON.stringify(line.slice(0, maxText))}`;
  return { kind: 'incomplete', code: 'engine_failed', why };
}

/** With AlertExceedsMax the daemon reports its own limits as if they were signatures. */
function foundReply(signature: string): Reply {
  if (!/^Heuristics\.Limits\.Exceeded/.test(signature)) return { kind: 'found', signature };
  const why = `a limit of the daemon was reached (${signature})`;
  return { kind: 'incomplete', code: 'engine_limit', why };
}

/** Categories of signature names, `<platform>.<category>.<family>-<number>-<revision>`, as keys of findings. */
const keys: readonly (readonly [RegExp, string, MaliciousLevel])[] = [
  [/eicar|^clamav\.test|\.test\./i, 'TEST_IMG', 'remind'],
  [/^PUA\.|^Heuristics\./i, 'TROJAN_IMG', 'suspicious'],
  [/\.(coin)?miner\.|\.coinminer/i, 'MINER_IMG', 'serious'],
  [/\.rootkit\./i, 'ROOTKIT_IMG', 'serious'],
  [/\.ransomware\.|\.ransom\./i, 'RANSOM_IMG', 'serious'],
  [/\.(hack)?tool\./i, 'HACKTOOL_IMG', 'suspicious'],
  [/\.exploit\./i, 'EXPLOIT_IMG', 'serious'],
  [/\.backdoor\./i, 'BACKDOOR_IMG', 'serious'],
  [/webshell/i, 'WEBSHELL_IMG', 'serious'],
  [/\.packed\./i, 'PACKED_IMG', 'suspicious'],
];

/** A signature as a hit. `.UNOFFICIAL`, which marks signatures from elsewhere, is shown and does not tell names apart. */
export function hitOf(signature: string): OutsideVerdict['hits'][number] {
  const rule = signature.replace(/\.UNOFFICIAL$/, '');
  const [, key, level] = keys.find(([pattern]) => pattern.test(rule)) ?? [undefined, 'TROJAN_IMG', 'serious' as const];
  return { rule, key, level, family: familyOf(rule), title: signature, matches: [] };
}

function familyOf(rule: string): string | null {
  if (/^Heuristics\./.test(rule)) return null;
  const parts = rule.replace(/^PUA\./i, '').split('.');
  const family = parts.length >= 3 ? parts[2] : undefined;
  return family?.replace(/(-[0-9]+){1,2}$/, '') || null;
}

/** The diagnostic of a file that was not looked at to its end. */
export function incomplete(path: string, code: string, why: string): Diagnostic {
  return { code, path, message: why, partial: true };
}

/** Raised inside of the adapter when a connection is of no more use. */
export class SessionError extends CodedError<
  'engine_unreachable' | 'engine_failed' | 'engine_timeout' | 'engine_limit'
> {}
