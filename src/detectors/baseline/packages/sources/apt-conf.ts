import type { FactReader } from '../../contract.ts';
import type { SourceFile } from './contract.ts';
import { booleanOf } from './locations.ts';

const path = /(?:^|\/)etc\/apt\/apt\.conf(?:\.d\/(?!\.)[A-Za-z0-9_-]+(?:\.conf)?)?$/;

/** Settings of apt that let packages in without a signature. */
const dangerous: readonly RegExp[] = [
  /^apt::get::allowunauthenticated$/,
  /^acquire::allowinsecurerepositories$/,
  /^acquire::allowdowngradetoinsecurerepositories$/,
  /^acquire::allowweakrepositories$/,
];

/** Configuration of apt (apt.conf(5)), as far as it switches off the check of signatures. */
export const aptConfReader: FactReader<SourceFile> = {
  id: 'apt-conf',
  version: 1,
  wants: (entry) => path.test(entry.path),
  read: (bytes) => ({ repositories: [], malformed: 0, settings: readAptConf(Buffer.from(bytes).toString('utf8')) }),
};

/** Scopes inside of scopes; apt itself has no use for more than a few. */
const maxScopes = 32;

/** Dangerous settings that are on, with their lines. `Name "value";` and `Name { Sub "value"; };` may be mixed. */
export function readAptConf(text: string): SourceFile['settings'] {
  const found: { line: number; text: string }[] = [];
  const scopes: string[] = [];
  let words: string[] = [];
  const finish = (line: number): void => {
    const [name = '', value = ''] = words;
    words = [];
    const full = [...scopes, name].join('::').toLowerCase();
    if (booleanOf(value) === true && dangerous.some((setting) => setting.test(full))) {
      found.push({ line, text: `${[...scopes, name].join('::')} "${value}"` });
    }
  };
  for (const { token, line } of tokensOf(text)) {
    if (token === '{') {
      if (scopes.length >= maxScopes) break;
      scopes.push(words[0] ?? '');
      words = [];
    } else if (token === '}') {
      finish(line);
      scopes.pop();
    } else if (token === ';') finish(line);
    else if (words.length < 2) words.push(token);
  }
  return found;
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
