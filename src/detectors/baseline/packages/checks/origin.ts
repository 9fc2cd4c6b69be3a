import type { RiskEvidence } from '../../../contract.ts';
import type { CheckContext } from '../../contract.ts';
import type { Repository } from '../sources/index.ts';
import { archiveDomains } from './archive-domains.ts';

/** Whether a repository is neither the distribution's nor accepted by the policy. Local media are nobody's. */
export function isForeign(context: CheckContext, file: string, { host }: Repository): boolean {
  if (host === '' || isWithin(host, context.settings.trustedRepositories)) return false;
  // Which server a variable means is decided elsewhere: then it counts who wrote the file.
  if (host.includes('$')) return context.owners.ownerOf(file) === undefined;
  return !isWithin(host, domainsOf(context));
}

/** Domains of the distribution's own archives; of all distributions where nobody knows which one it is. */
function domainsOf({ os }: CheckContext): readonly string[] {
  const known = os && Object.hasOwn(archiveDomains, os.id) ? archiveDomains[os.id] : undefined;
  return known ?? Object.values(archiveDomains).flat();
}

function isWithin(host: string, domains: readonly string[]): boolean {
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** Directories in which package managers look for keys that they trust. */
const keyDirectories = [
  ...['etc/apt/trusted.gpg.d', 'etc/apt/keyrings', 'usr/share/keyrings', 'etc/pki/rpm-gpg', 'etc/apk/keys'],
];
/** Files of a directory that are looked at. */
const maxKeys = 1000;

/** Keys that no package brought, where packages tell what they brought at all. */
export function foreignKeys(context: CheckContext): RiskEvidence[] {
  const { view, owners, settings, packages } = context;
  if (!packages.some(({ type }) => ['deb', 'rpm', 'apk'].includes(type))) return [];
  const paths = keyDirectories.flatMap((directory) => {
    const canonical = view.canonical(directory) ?? directory;
    return view
      .children(canonical)
      .slice(0, maxKeys)
      .map((name) => `${canonical}/${name}`);
  });
  return [...paths, 'etc/apt/trusted.gpg'].flatMap((path) => {
    const file = view.resolve(path);
    if (file?.content === undefined || file.content.size === 0) return [];
    if (owners.ownerOf(file.path) !== undefined || settings.trustedRepositories.includes(`/${file.path}`)) return [];
    return [context.evidence({ path: file.path, layer: file.content.layer }, { excerpt: 'key of no package' })];
  });
}
