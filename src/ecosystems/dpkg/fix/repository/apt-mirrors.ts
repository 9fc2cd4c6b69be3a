/** The machine's apt configuration, read through a parameter so that tests need no machine. */
export interface AptConfiguration {
  /** Text of a file; undefined when it cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** Names in a directory, empty when it cannot be read. */
  list(directory: string): Promise<readonly string[]>;
}

/** Base URLs by archive of the mirrors map. */
export type AptMirrors = Readonly<Partial<Record<'debian' | 'debian-security' | 'ubuntu', string>>>;

interface Source {
  readonly uri: string;
  readonly suite: string;
}

const debianSuites = new Set(['bullseye', 'bookworm', 'trixie', 'forky', 'oldoldstable', 'oldstable', 'stable']);
const ubuntuSuites = new Set(['focal', 'jammy', 'noble']);
const directory = '/etc/apt/sources.list.d';

/**
 * The mirrors that this machine's own apt uses for Debian and Ubuntu, from `sources.list` and `sources.list.d` in
 * both formats (sources.list(5)); the first of each archive counts. Used by `quickstart` as a default on the
 * user's own machine; files of an image never come here.
 */
export async function aptMirrors(configuration: AptConfiguration): Promise<AptMirrors> {
  const names = [...(await configuration.list(directory))].sort();
  const paths = ['/etc/apt/sources.list', ...names.map((name) => `${directory}/${name}`)];
  const found: Record<string, string> = {};
  for (const path of paths) {
    const text = await configuration.read(path);
    if (text === undefined) continue;
    for (const { uri, suite } of path.endsWith('.sources') ? readDeb822(text) : readOneLine(text, path)) {
      const archive = archiveOf(suite);
      if (archive !== undefined && /^(?:https?|file):\/\//.test(uri)) found[archive] ??= uri.replace(/\/+$/, '');
    }
  }
  return found;
}

function archiveOf(suite: string): keyof AptMirrors | undefined {
  const [release = '', pocket] = suite.split(/[-/]/, 2);
  if (ubuntuSuites.has(release)) return 'ubuntu';
  if (!debianSuites.has(release)) return undefined;
  return pocket === 'security' ? 'debian-security' : 'debian';
}

function* readOneLine(text: string, path: string): Generator<Source> {
  if (!path.endsWith('.list')) return;
  for (const line of text.split('\n')) {
    const words = line
      .replace(/#.*$/, '')
      .replace(/\[[^\]]*\]/, ' ')
      .trim()
      .split(/\s+/);
    const [type, uri, suite] = words;
    if (type === 'deb' && uri !== undefined && suite !== undefined) yield { uri, suite };
  }
}

function* readDeb822(text: string): Generator<Source> {
  for (const paragraph of text.split(/\n[ \t]*\n/)) {
    const fields = new Map<string, string>();
    let last = '';
    for (const line of paragraph.split('\n')) {
      if (line.startsWith('#')) continue;
      const colon = line.indexOf(':');
      if (/^\s/.test(line)) fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`);
      else if (colon > 0) {
        last = line.slice(0, colon).toLowerCase();
        fields.set(last, line.slice(colon + 1).trim());
      }
    }
    const words = (field: string): string[] => (fields.get(field) ?? '').split(/\s+/).filter((word) => word !== '');
    if (fields.get('enabled')?.toLowerCase() === 'no' || !words('types').includes('deb')) continue;
    for (const uri of words('uris')) for (const suite of words('suites')) yield { uri, suite };
  }
}
