import type { FactReader } from '../../contract.ts';
import type { SourceFile } from './contract.ts';
import { booleanOf, maxFiles, maxRepositories } from './locations.ts';

const path = /(?:^|\/)etc\/apt\/apt\.conf(?:\.d\/(?!\.)[A-Za-z0-9_-]+(?:\.conf)?)?$/;

/** Settings of apt that let packages in without a signature. */
const dangerous: readonly RegExp[] = [
  /^apt::get::allowunauthenticated$/i,
  /^acquire::allowinsecurerepositories$/i,
  /^acquire::allowdowngradetoinsecurerepositories$/i,
  /^acquire::allowweakrepositories$/i,
];

/** Configuration of apt (apt.conf(5)), as far as it switches off the check of signatures. */
export const aptConfReader: FactReader<SourceFile> = {
  id: 'apt-conf',
  version: 1,
  maxFiles,
  wants: (entry) => path.test(entry.path),
  read: (bytes) => ({ repositories: [], malformed: 0, ...readAptConf(Buffer.from(bytes).toString('utf8')) }),
};

/** Characters of a name that are kept. */
const maxName = 200;
/** Scopes inside of scopes; apt itself has no use for more than a few. */
const maxScopes = 32;

/** Dangerous settings that are on, with their lines. `Name "value";` and `Name { Sub "value"; };` may be mixed. */
export function readAptConf(text: string): Pick<SourceFile, 'settings' | 'truncated'> {
  const found: { line: number; text: string }[] = [];
  // Full names, cut: no dangerous one is that long.
  const scopes: string[] = [''];
  let words: string[] = [];
  const nameOf = (word: string): string => `${scopes.at(-1) ?? ''}${word}`.slice(0, maxName);
  const finish = (line: number): void => {
    const [name = '', value = ''] = words;
    words = [];
    if (booleanOf(value) !== true) return;
    const full = nameOf(name);
    if (dangerous.some((setting) => setting.test(full))) found.push({ line, text: `${full} "${value}"` });
  };
  for (const { token, line } of tokensOf(text)) {
    if (found.length >= maxRepositories || scopes.length > maxScopes) return { settings: found, truncated: true };
    if (token === '{') {
      scopes.push(`${nameOf(words[0] ?? '')}::`);
      words = [];
    } else if (token === '}') {
      finish(line);
      if (scopes.length > 1) scopes.pop();
    } else if (token === ';') finish(line);
    else if (words.length < 2) words.push(token.slice(0, maxName));
  }
  return { settings: found, truncated: false };
}

/** Words, brackets and semicolons; comments are passed over. */
function* tokensOf(text: string): Generator<{ readonly token: string; readonly line: number }> {
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? '';
    let end = at + 1;
    if (text.startsWith('//', at) || character === '#') end = indexOr(text, '\n', at);
    else if (text.startsWith('/*', at)) end = indexOr(text, '*/', at + 2) + 2;
    else if (character === '"') {
      end = indexOr(text, '"', at + 1);
      yield { token: text.slice(at + 1, end), line };
      end++;
    } else if ('{};'.includes(character)) yield { token: character, line };
    else if (!/\s/.test(character)) {
      while (end < text.length && !/[\s{};"]/.test(text[end] ?? '')) end++;
      yield { token: text.slice(at, end), line };
    }
    for (let passed = at; passed < end; passed++) if (text[passed] === '\n') line++;
    at = end;
  }
}

function indexOr(text: string, wanted: string, from: number): number {
  const found = text.indexOf(wanted, from);
  return found < 0 ? text.length : found;
}
