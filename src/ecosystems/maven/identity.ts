import type { Confidence } from '../contract.ts';
import { isNamedLike } from './archive.ts';
import type { ArchiveFacts } from './facts.ts';
import { partsOf, stemOf } from './file-name.ts';
import type { Manifest } from './manifest.ts';
import { type Coordinates, checked, isName } from './properties.ts';
import { publishers } from './publishers.data.ts';

/** One library that an archive is or holds. */
export interface Identity extends Coordinates {
  readonly confidence: Confidence;
  /** The group, or everything, is an estimate: never matched. */
  readonly guessed: boolean;
}

/** Coordinates of published archives by the SHA-1 of the file, in lower-case hexadecimal. */
export type CoordinatesBySha1 = (sha1: string) => Coordinates | undefined;

/**
 * What an archive is and holds, by the order of scanning.md §3.4: coordinates in it; for an archive that is not one of
 * these its checksum, then what its manifest, its name and its classes say together, then a guess.
 * @param name of the archive, with or without folders
 */
export function identify(facts: ArchiveFacts, name: string, bySha1?: CoordinatesBySha1): readonly Identity[] {
  const found: Identity[] = facts.coordinates.map(({ group, artifact, version }) => sure({ group, artifact, version }));
  if (!facts.coordinates.some(({ artifact }) => isNamedLike(name, artifact))) {
    const own = ownIdentity(facts, name, bySha1);
    // One set of coordinates in an archive of another name is most likely its own, and it was renamed.
    const needsGuess = facts.coordinates.length !== 1 || found[0]?.artifact === own[0]?.artifact;
    for (const identity of own) if (!identity.guessed || needsGuess) found.push(identity);
  }
  for (const marker of facts.markers) {
    if (found.some(({ artifact }) => artifact === marker)) continue;
    const group = marker === 'log4j-core' ? 'org.apache.logging.log4j' : 'org.springframework';
    found.push({ group, artifact: marker, version: '', confidence: 'low', guessed: true });
  }
  return found;
}

function ownIdentity(facts: ArchiveFacts, name: string, bySha1?: CoordinatesBySha1): readonly Identity[] {
  const published = facts.sha1 === null ? undefined : bySha1?.(facts.sha1);
  if (published !== undefined) return [sure(published)];
  const plugin = pluginOf(facts.manifest);
  if (plugin !== undefined) return [sure(plugin)];
  const candidates = candidatesOf(facts.manifest, name);
  const known = knownOf(facts, candidates, name);
  if (known.length > 0) return known;
  const told = toldOf(facts, candidates[0]);
  if (told !== undefined) return [told];
  const guess = guessOf(facts, candidates[0]);
  return guess === undefined ? [] : [guess];
}

function sure(coordinates: Coordinates): Identity {
  return { ...coordinates, confidence: 'high', guessed: false };
}

/** A name that the archive may have, with the version that belongs to it. */
interface Candidate {
  readonly artifact: string;
  readonly version: string;
}

/** Best first: the file name, which Maven and Gradle keep; then what the manifest says. */
function candidatesOf(manifest: Manifest, name: string): readonly Candidate[] {
  const parts = partsOf(stemOf(name));
  // `8.11.1 0b002b1… - author - date`: the version is the first word. Others add what the name does not have.
  const stated = manifest.version?.split(' ', 1)[0] ?? '';
  const version = stated || (manifest.bundleVersion ?? '');
  const title = manifest.title?.split('#', 2).at(-1)?.split(';', 1)[0] ?? '';
  const bundle = manifest.bundleName ?? '';
  const afterGroup = bundle.startsWith('org.apache.') ? bundle.slice('org.apache.'.length) : '';
  const names = [title, bundle, afterGroup, bundle.slice(bundle.lastIndexOf('.') + 1)];
  const named = names.filter(isName).map((artifact) => ({ artifact, version }));
  const inName = parts.version === '' ? version : versionOf(parts.version, stated);
  return [{ artifact: parts.artifact, version: inName }, ...named];
}

/** The version of a file name, without a classifier that the manifest shows to be one (`1.5-jdk8` where it says 1.5). */
function versionOf(inName: string, stated: string): string {
  return stated !== '' && inName.startsWith(`${stated}-`) ? stated : inName;
}

/** Coordinates that Jenkins writes into the manifest of a plugin. */
function pluginOf({ pluginGroup, pluginName, pluginVersion }: Manifest): Coordinates | undefined {
  const version = pluginVersion?.split(' ', 1)[0] ?? '';
  return checked({ group: pluginGroup ?? '', artifact: pluginName ?? '', version });
}

const byArtifact = Map.groupBy(
  publishers.flatMap((publisher) => publisher.artifacts.split(' ').map((artifact) => ({ artifact, publisher }))),
  ({ artifact }) => artifact,
);

/** The name is that of a known publisher's artifact, and the classes lie where that publisher's do. */
function knownOf({ directories }: ArchiveFacts, candidates: readonly Candidate[], name: string): readonly Identity[] {
  for (const { artifact, version } of candidates) {
    const major = Number.parseInt(version, 10);
    const publisher = byArtifact.get(withoutScala(artifact))?.find(({ publisher: { directories: wanted, majors } }) => {
      if (majors !== undefined && !(major >= majors[0] && major <= majors[1])) return false;
      return wanted.some((directory) => hasClasses(directories, directory));
    })?.publisher;
    const known = publisher && checked({ group: publisher.group, artifact, version });
    if (known === undefined) continue;
    const identity: Identity = { ...known, confidence: 'medium', guessed: false };
    // Only an installed server has this file; the archive that it comes from is an artifact as well.
    const isServer = artifact === 'tomcat-catalina' && stemOf(name) === 'catalina';
    return isServer ? [identity, { ...identity, artifact: 'tomcat' }] : [identity];
  }
  return [];
}

/** `kafka_2.13` is `kafka` for a version of Scala. */
function withoutScala(artifact: string): string {
  const at = artifact.lastIndexOf('_');
  return at > 0 && (artifact.startsWith('2.', at + 1) || artifact.slice(at + 1) === '3')
    ? artifact.slice(0, at)
    : artifact;
}

function hasClasses(directories: readonly string[], wanted: string): boolean {
  return directories.some((directory) => directory === wanted || directory.startsWith(`${wanted}/`));
}

/** Organisations that publish under many groups: their name alone is none. */
const umbrellas = new Set(
  'com.google com.ibm com.oracle com.sun net.java org.apache org.codehaus org.eclipse org.jboss'.split(' '),
);

/** The manifest names the group, and the classes lie in packages of that name. */
function toldOf({ manifest, directories }: ArchiveFacts, candidate: Candidate | undefined): Identity | undefined {
  const group = manifest.vendorId;
  if (candidate === undefined || group === undefined || !group.includes('.') || umbrellas.has(group)) return undefined;
  if (!hasClasses(directories, group.split('.').slice(0, 3).join('/'))) return undefined;
  const told = checked({ group, artifact: candidate.artifact, version: candidate.version });
  return told && { ...told, confidence: 'medium', guessed: false };
}

/** `org.example` of the bundle `org.example.artifact`. */
function bundleGroup({ bundleName }: Manifest, artifact: string): string | undefined {
  return bundleName?.endsWith(`.${artifact}`) ? bundleName.slice(0, -artifact.length - 1) : undefined;
}

function guessOf({ manifest, directories }: ArchiveFacts, candidate: Candidate | undefined): Identity | undefined {
  if (candidate === undefined) return undefined;
  const { artifact, version } = candidate;
  const groups = [manifest.vendorId, bundleGroup(manifest, artifact), manifest.bundleName, manifest.moduleName];
  const packages = directories.filter((directory) => directory.includes('/'))[0];
  const group = groups.find((text) => text !== undefined && isName(text)) ?? packages?.replaceAll('/', '.') ?? artifact;
  const guess = checked({ group: isName(group) ? group : artifact, artifact, version });
  return guess && { ...guess, confidence: 'low', guessed: true };
}
