import { baseName } from '../../../../image/index.ts';
import type { FactReader } from '../../contract.ts';
import { textLines } from '../../text-lines.ts';

/** One line of a configuration of OpenSSH. */
export interface Directive {
  readonly line: number;
  /** Lower case. */
  readonly key: string;
  readonly args: readonly string[];
}

/** Directives of one file that checks ask for, with `include`, `match` and `host`. */
export interface SshFacts {
  readonly directives: readonly Directive[];
  readonly truncated?: true;
}

/** What checks and the shape of the file ask for; nothing else of a file is kept. */
const asked: ReadonlySet<string> = new Set([
  ...['include', 'match', 'host', 'permitrootlogin', 'permitemptypasswords', 'passwordauthentication', 'protocol'],
  ...['ciphers', 'macs', 'kexalgorithms', 'maxauthtries', 'logingracetime', 'clientaliveinterval', 'x11forwarding'],
  ...['usepam', 'loglevel', 'stricthostkeychecking', 'userknownhostsfile'],
]);
const maxDirectives = 5000;
const maxArgs = 64;

/** Reads configurations of server and client, and what lies in their folders. */
export const sshReader: FactReader<SshFacts> = {
  id: 'ssh-config',
  version: 1,
  wants({ path }) {
    if (/(^|\/)(sshd?_config(\.d\/[^/]+)?|\.ssh\/config)$/.test(path)) return true;
    return /(^|\/)etc\/ssh\/[^.]/.test(path) && !/^(ssh_host_|moduli$)/.test(baseName(path));
  },
  read(bytes) {
    const text = textLines(bytes);
    if (text === undefined) return undefined;
    const directives: Directive[] = [];
    for (const [index, content] of text.lines.entries()) {
      const directive = directiveOf(content, index + 1);
      if (directive === undefined || !asked.has(directive.key)) continue;
      if (directives.length >= maxDirectives) return { directives, truncated: true };
      directives.push(directive);
    }
    return { directives, ...(text.truncated && { truncated: true as const }) };
  },
};

/**
 * One line as OpenSSH splits it: keyword, blanks or one `=`, arguments in words with quotes, up to a `#`. Undefined for
 * blank lines and comments, and where quotes do not close: the server does not start with those.
 */
export function directiveOf(content: string, line: number): Directive | undefined {
  const trimmed = content.trim();
  const head = /^"?(?<key>[A-Za-z0-9]{1,64})"?(?:\s*=\s*|\s+)/.exec(`${trimmed} `);
  if (trimmed.startsWith('#') || head === null) return undefined;
  const args = wordsOf(trimmed.slice(head[0].length));
  return args && { line, key: (head.groups?.key ?? '').toLowerCase(), args };
}

function wordsOf(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (char === '\\' && (/['"\\]/.test(next) || (quote === undefined && next === ' '))) {
      word = (word ?? '') + next;
      at++;
    } else if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/[ \t]/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '#' && word === undefined) break;
    else word = (word ?? '') + char;
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words.slice(0, maxArgs).map((arg) => arg.slice(0, 1024));
}
