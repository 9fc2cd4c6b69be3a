/** Runs snyk-docker-plugin on an archive and prints its packages: `run-snyk.cjs PLUGIN [ARCHIVE]`. */
const [, , plugin, archive] = process.argv;
const { scan } = require(plugin);

/** purl types by the plugin's names of package managers. */
const types = {
  ...{ deb: 'deb', rpm: 'rpm', apk: 'apk', npm: 'npm', yarn: 'npm', pnpm: 'npm', pip: 'pypi', poetry: 'pypi' },
  ...{ maven: 'maven', gomodules: 'golang', composer: 'composer', nuget: 'nuget' },
};

async function main() {
  if (archive === undefined) return;
  const { scanResults } = await scan({ path: `docker-archive:${archive}`, 'nested-jars-depth': '8' });
  const found = [];
  for (const { facts, identity } of scanResults) {
    for (const fact of facts) {
      if (fact.type === 'depGraph') {
        const graph = fact.data;
        const type = types[graph.pkgManager.name] ?? graph.pkgManager.name;
        for (const { name, version } of graph.getDepPkgs()) {
          found.push({
            type,
            name: ['deb', 'rpm', 'apk'].includes(type) ? name.slice(name.lastIndexOf('/') + 1) : name,
            version: String(version ?? ''),
          });
        }
      }
      // The plugin names jars by their hash; coordinates are looked up by its service, which is not here.
      if (fact.type === 'jarFingerprints') {
        for (const jar of fact.data.fingerprints) {
          found.push({ type: 'maven', name: jar.location ?? '', version: jar.digest ?? '' });
        }
      }
    }
    void identity;
  }
  process.stdout.write(JSON.stringify(found));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
