import type { Ecosystem } from '../contract.ts';
import { semverOrder } from '../semver-order.ts';
import { versionCataloger } from './catalog.ts';

/** Components of Bitnami's advisories by the name of the package here. */
const components: ReadonlyMap<string, string> = new Map([
  ['deno', 'deno'],
  ['erlang', 'erlang'],
  ['go', 'golang'],
  ['haproxy', 'haproxy'],
  ['httpd', 'apache'],
  ['java', 'java'],
  ['mariadb', 'mariadb'],
  ['memcached', 'memcached'],
  ['mysql', 'mysql'],
  ['nginx', 'nginx'],
  ['node', 'node'],
  ['openresty', 'openresty'],
  ['php', 'php'],
  ['postgresql', 'postgresql'],
  ['python', 'python'],
  ['redis', 'redis'],
  ['ruby', 'ruby'],
  ['valkey', 'valkey'],
]);

/** Runtimes and servers that no package manager knows of. */
export const generic: Ecosystem = {
  id: 'generic',
  types: ['generic'],
  kind: 'sca',
  about: {
    title: 'Runtimes and servers without a package',
    covers:
      'Node.js, Deno, Bun, Python, Ruby, PHP, Perl, Java, Go, Erlang, bash, BusyBox, OpenSSL, curl, nginx, OpenResty, Apache httpd, HAProxy, Redis, Valkey, memcached, MySQL, MariaDB, PostgreSQL',
    evidence: ['the version in the executable or library', 'release', 'go/VERSION', 'releases/*/OTP_VERSION'],
    versions: 'SemVer 2 with missing numbers as 0',
    limits:
      'Versions are matched with advisories of the Bitnami component of the same name; where there is none, they are listed.',
  },
  catalogers: [versionCataloger],
  versions: semverOrder({ id: 'bitnami', numbers: 5 }),
  advisoryNames: ['Bitnami'],
  advisoryKeys({ name, version }) {
    const component = components.get(name);
    return component === undefined ? [] : [{ ecosystem: 'Bitnami', on: 'binary', name: component, version }];
  },
};
