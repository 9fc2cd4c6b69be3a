import type { FactReader } from '../../contract.ts';
import type { Repository, SourceFile } from './contract.ts';
import { locationOf, maxRepositories } from './locations.ts';

const repositoryFile = /(?:^|\/)etc\/apk\/repositories(?:\.d\/[^/]+\.list)?$/;
const settingsFile = /(?:^|\/)etc\/apk\/config$/;

/** Repositories of apk (apk-repositories(5)) and options that it always takes (apk(8), `/etc/apk/config`). */
export const apkReader: FactReader<SourceFile> = {
  id: 'apk-repositories',
  version: 1,
  wants: ({ path }) => repositoryFile.test(path) || settingsFile.test(path),
  read(bytes, { path }) {
    const text = Buffer.from(bytes).toString('utf8');
    return settingsFile.test(path) ? readSettings(text) : readRepositories(text);
  },
};

/** `[@tag] ADDRESS`, one a line. */
export function readRepositories(text: string): SourceFile {
  const repositories: Repository[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim().split(/\s+/);
    const address = words.find((word) => !word.startsWith('@')) ?? '';
    if (address === '' || address.startsWith('#')) continue;
    if (repositories.length >= maxRepositories) break;
    repositories.push({ line: index + 1, ...locationOf(address), unchecked: null });
  }
  return { repositories, settings: [], malformed: 0 };
}

function readSettings(text: string): SourceFile {
  const settings = text
    .split('\n')
    .map((line, index) => ({ line: index + 1, text: line.trim() }))
    .filter((setting) => /^(?:--)?allow-untrusted(?:[\s=]|$)/.test(setting.text));
  return { repositories: [], settings: settings.slice(0, maxRepositories), malformed: 0 };
}
