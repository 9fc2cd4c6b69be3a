import type { Ecosystem } from '../contract.ts';
import { semverOrder } from '../semver-order.ts';
import { wordpressCataloger } from './catalog.ts';

/** WordPress with plugins and themes. No advisories in the OSV format are published for these: they are listed. */
export const wordpress: Ecosystem = {
  id: 'wordpress',
  types: ['wordpress-plugin', 'wordpress-theme'],
  kind: 'sca',
  about: {
    title: 'WordPress',
    covers: 'WordPress itself, plugins, themes',
    evidence: [
      '**/wp-includes/version.php',
      '**/wp-content/plugins/*.php',
      '**/wp-content/plugins/*/*.php',
      '**/wp-content/themes/*/style.css',
    ],
    versions: 'numbers with dots',
    limits: 'Plugins and themes are listed only: there is no OSV ecosystem for them.',
  },
  catalogers: [wordpressCataloger],
  versions: semverOrder({ id: 'wordpress', numbers: 5 }),
  advisoryKeys: () => [],
};
