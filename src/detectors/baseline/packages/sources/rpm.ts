import type { FactReader } from '../../contract.ts';
import type { Repository, SourceFile } from './contract.ts';
import { booleanOf, locationOf, maxRepositories } from './locations.ts';

const repositoryFile = /(?:^|\/)etc\/(?:yum\.repos\.d|zypp\/repos\.d|distro\.repos\.d)\/[^/]+\.repo$/;
const settingsFile = /(?:^|\/)etc\/(?:yum\.conf|dnf\/dnf\.conf|zypp\/zypp\.conf|tdnf\/tdnf\.conf)$/;

/** Repositories and settings of yum, dnf, tdnf and zypper. */
export const rpmReader: FactReader<SourceFile> = {
  id: 'rpm-repositories',
  version: 1,
  wants: ({ path }) => repositoryFile.test(path) || settingsFile.test(path),
  read: (bytes) => readRepositories(Buffer.from(bytes).toString('utf8')),
};

interface Section {
  readonly name: string;
  readonly line: number;
  readonly values: Map<string, { readonly line: number; text: string }>;
}

/** Reads the INI dialect of these tools: `[main]` has settings for all, every other section is a repository. */
export function readRepositories(text: string): SourceFile {
  const { sections, malformed } = sectionsOf(text);
  const repositories: Repository[] = [];
  const settings: { line: number; text: string }[] = [];
  for (const { name, line, values } of sections) {
    const off = ['gpgcheck', 'pkg_gpgcheck'].find((key) => booleanOf(values.get(key)?.text ?? '') === false);
    const unchecked = off === undefined ? null : `${off}=${values.get(off)?.text.trim()}`;
    if (name === 'main') {
      if (unchecked !== null) settings.push({ line: values.get(off ?? '')?.line ?? line, text: unchecked });
      continue;
    }
    if (booleanOf(values.get('enabled')?.text ?? '') === false) continue;
    const addresses = ['baseurl', 'mirrorlist', 'metalink'].flatMap((key) => addressesOf(values.get(key)?.text));
    for (const address of addresses.slice(0, Math.max(0, maxRepositories - repositories.length))) {
      repositories.push({ line, ...locationOf(address), unchecked });
    }
  }
  return { repositories, settings, malformed };
}

function addressesOf(text = ''): readonly string[] {
  return text.split(/[\s,]+/).filter((address) => address.includes(':'));
}

function sectionsOf(text: string): { readonly sections: readonly Section[]; readonly malformed: number } {
  const sections: Section[] = [];
  let malformed = 0;
  let last: { text: string } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trimEnd();
    const section = sections.at(-1);
    const equals = line.search(/[=:]/);
    if (line === '' || /^\s*[#;]/.test(line)) continue;
    if (line.startsWith('[')) {
      sections.push({ name: line.slice(1).split(']', 1)[0] ?? '', line: index + 1, values: new Map() });
      last = undefined;
    } else if (/^\s/.test(line) && last !== undefined) {
      if (last.text.length < 100_000) last.text += ` ${line.trim()}`;
    } else if (equals > 0 && section !== undefined) {
      const value = { line: index + 1, text: line.slice(equals + 1).trim() };
      section.values.set(line.slice(0, equals).trim().toLowerCase(), value);
      last = value;
    } else malformed++;
  }
  return { sections, malformed };
}
