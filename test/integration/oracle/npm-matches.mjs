/**
 * Independent oracle for npm matching: reads an OSV archive and a JSON list of `NAME@VERSION` from standard input, and
 * says by npm's own range tool which records affect each. Ranges are written as npm ranges; nothing of Drydock is used.
 *
 * usage: npm-matches.mjs ALL.ZIP < LIST
 * prints {"NAME@VERSION": [[id, alias, …], …]}
 */
import { text } from 'node:stream/consumers';
import semver from 'semver';
import yauzl from 'yauzl';

const packages = JSON.parse(await text(process.stdin));
const wanted = new Map();
for (const pkg of packages) {
  const at = pkg.lastIndexOf('@');
  const versions = wanted.get(pkg.slice(0, at)) ?? [];
  wanted.set(pkg.slice(0, at), [...versions, pkg.slice(at + 1)]);
}

const result = Object.fromEntries(packages.map((pkg) => [pkg, []]));
const zip = await yauzl.openPromise(process.argv[2]);
for await (const entry of zip.eachEntry()) {
  const record = JSON.parse(await text(await zip.openReadStreamPromise(entry)));
  if (record.withdrawn || record.id.startsWith('MAL-')) continue;
  for (const [name, versions] of wanted) {
    const own = (record.affected ?? []).filter(
      (item) => item.package?.ecosystem === 'npm' && item.package.name === name,
    );
    for (const version of versions) {
      if (own.some((item) => affects(item, version)))
        result[`${name}@${version}`].push([record.id, ...(record.aliases ?? [])]);
    }
  }
}
console.log(JSON.stringify(result));

function affects({ ranges = [], versions = [] }, version) {
  if (versions.includes(version)) return true;
  return ranges.some(
    (range) => range.type !== 'GIT' && semver.satisfies(version, npmRange(range.events), { includePrerelease: true }),
  );
}

/** `>=a <b || >=c <=d` from the events in the order of their versions. */
function npmRange(events) {
  const all = events.map((event) => Object.entries(event)[0]).map(([kind, at]) => [kind, at === '0' ? '0.0.0-0' : at]);
  all.sort(([, a], [, b]) => semver.compare(a, b));
  const parts = [];
  let start;
  for (const [kind, at] of all) {
    if (kind === 'introduced') start ??= at;
    else if (start !== undefined) {
      parts.push(`>=${start} ${kind === 'fixed' ? '<' : '<='}${at}`);
      start = undefined;
    }
  }
  if (start !== undefined) parts.push(`>=${start}`);
  return parts.join(' || ') || '<0.0.0-0';
}
