import { fileCataloger, type Identified } from '../file-cataloger.ts';
import { packageUrl } from '../purl.ts';
import { quoted } from '../text-lines.ts';
import { parseCore, parseHeader, type WordpressFact } from './headers.ts';

const core = 'wp-includes/version.php';

/** WordPress itself, its plugins and themes. */
export const wordpressCataloger = fileCataloger<WordpressFact>({
  id: 'wordpress',
  version: 1,
  wants: (path) => placeOf(path) !== undefined,
  head: true,
  maxBytes: 8192,
  parse(bytes, path) {
    const place = placeOf(path);
    if (place === undefined) return undefined;
    return place.kind === 'core' ? parseCore(bytes) : parseHeader(bytes, place.kind, place.name);
  },
  identify,
});

/** `wp-content/plugins/<name>/*.php`, `wp-content/plugins/<name>.php`, `wp-content/themes/<name>/style.css` */
function placeOf(path: string): Pick<WordpressFact, 'kind' | 'name'> | undefined {
  if (path.endsWith(core)) return { kind: 'core', name: 'wordpress' };
  const plugin = path.endsWith('.php');
  if (!plugin && !path.endsWith('/style.css')) return undefined;
  const folder = plugin ? 'wp-content/plugins/' : 'wp-content/themes/';
  const at = path.lastIndexOf(folder);
  if (at < 0) return undefined;
  const [name = '', file, deeper] = path.slice(at + folder.length).split('/', 3);
  if (deeper !== undefined) return undefined;
  return { kind: plugin ? 'plugin' : 'theme', name: file === undefined ? name.slice(0, -'.php'.length) : name };
}

function identify({ kind, name, version }: WordpressFact): Identified {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/.test(name)) return { problem: `${quoted(name)} is no name of a ${kind}` };
  if (!/^[A-Za-z0-9][A-Za-z0-9._+ -]{0,63}$/.test(version)) {
    return { problem: `${quoted(version)} is no version of a ${kind}` };
  }
  // WordPress itself is a program like others that nobody packages: what knows of these knows of it.
  const type = kind === 'core' ? 'generic' : `wordpress-${kind}`;
  return { purl: packageUrl({ type, name, version }), type, name, version, arch: null, source: null };
}
