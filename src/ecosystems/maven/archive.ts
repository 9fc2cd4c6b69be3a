import { createHash } from 'node:crypto';
import { ArchiveError } from '../archives/errors.ts';
import type { ZipArchive, ZipMember } from '../archives/zip.ts';
import type { ArchiveFacts, HeldCoordinates } from './facts.ts';
import { partsOf, stemOf } from './file-name.ts';
import { readManifest } from './manifest.ts';
import { maxPomBytes, readPom } from './pom.ts';
import { type Coordinates, checked, readPomProperties } from './properties.ts';
import { isArchiveName } from './suffixes.ts';

/** Bytes of a `pom.properties` file. */
export const maxPropertiesBytes = 64 * 1024;
/** Bytes of a manifest: signed jars list each class in it. */
export const maxManifestBytes = 16 * 1024 ** 2;
/** Coordinates that one archive may hold. */
export const maxCoordinates = 2000;
/** Folders of classes that are kept of one archive. */
export const maxDirectories = 64;

/** Classes that tell a library even where it was copied into another jar and moved to another package. */
const markerClasses: readonly (readonly [suffix: string, artifact: string])[] = [
  ['log4j/core/lookup/JndiLookup.class', 'log4j-core'],
  ['springframework/core/SpringVersion.class', 'spring-core'],
];

/** What one archive told, and the archives in it, which are not opened yet. */
export interface ReadArchive {
  readonly facts: ArchiveFacts;
  readonly nested: readonly ZipMember[];
}

/** Told of a member that could not be read; the archive is read on. */
export type OnProblem = (error: ArchiveError, member: string) => void;

/**
 * Reads the evidence of one archive.
 * @param name of the archive, with or without folders
 * @throws ArchiveError where the archive as a whole cannot be read on
 */
export function readArchive(
  zip: ZipArchive,
  bytes: Uint8Array,
  name: string,
  inside: readonly string[],
  onProblem: OnProblem,
): ReadArchive {
  const found = sortMembers(zip);
  const read = (member: ZipMember, limit: number): Buffer | undefined => {
    try {
      return zip.read(member, limit);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      onProblem(error, member.name);
      return undefined;
    }
  };
  const coordinates = readCoordinates(found, read);
  const manifest = found.manifest && read(found.manifest, maxManifestBytes);
  const isNamed = coordinates.some((held) => isNamedLike(name, held.artifact));
  const facts: ArchiveFacts = {
    inside,
    coordinates,
    manifest: manifest === undefined ? {} : readManifest(manifest),
    markers: [...found.markers].sort(),
    directories: isNamed ? [] : classDirectories(zip),
    sha1: isNamed ? null : createHash('sha1').update(bytes).digest('hex'),
  };
  return { facts, nested: found.nested };
}

/** Whether an archive's name is that of an artifact, with or without a version behind. */
export function isNamedLike(name: string, artifact: string): boolean {
  const stem = stemOf(name);
  return stem === artifact || partsOf(stem).artifact === artifact || stem.startsWith(`${artifact}-`);
}

interface Found {
  readonly poms: ZipMember[];
  readonly properties: ZipMember[];
  readonly nested: ZipMember[];
  readonly markers: Set<string>;
  manifest: ZipMember | undefined;
}

function sortMembers(zip: ZipArchive): Found {
  const found: Found = { poms: [], properties: [], nested: [], markers: new Set(), manifest: undefined };
  const wants = (name: string): boolean => {
    if (name.endsWith('.class')) {
      for (const [suffix, artifact] of markerClasses) if (name.endsWith(suffix)) found.markers.add(artifact);
      return false;
    }
    if (name.startsWith('META-INF/MANIFEST.MF')) return name.length === 20;
    return (isPomName(name) && name.includes('META-INF/maven/')) || isArchiveName(name);
  };
  for (const member of zip.members(wants)) {
    const { name } = member;
    if (name === 'META-INF/MANIFEST.MF') found.manifest = member;
    else if (name.endsWith('/pom.properties')) found.properties.push(member);
    else if (name.endsWith('/pom.xml')) found.poms.push(member);
    else found.nested.push(member);
  }
  return found;
}

function isPomName(name: string): boolean {
  return name.endsWith('/pom.properties') || name.endsWith('/pom.xml');
}

/** Coordinates of all `pom.properties`, and of those `pom.xml` that have none beside them. */
function readCoordinates(
  { properties, poms }: Found,
  read: (member: ZipMember, limit: number) => Buffer | undefined,
): HeldCoordinates[] {
  const held = new Map<string, HeldCoordinates>();
  const told = new Set<string>();
  const keep = (member: ZipMember, from: HeldCoordinates['from'], spelled: Coordinates): void => {
    const [group = '', artifact = ''] = member.name.split('/').slice(-3);
    const whole = { group: spelled.group || group, artifact: spelled.artifact || artifact, version: spelled.version };
    const valid = checked(whole);
    if (valid === undefined || valid.version.startsWith('$')) return;
    told.add(folderOf(member));
    if (held.size < maxCoordinates) held.set(JSON.stringify(valid), { ...valid, from });
  };
  for (const member of properties.slice(0, maxCoordinates)) {
    const bytes = read(member, maxPropertiesBytes);
    if (bytes !== undefined) keep(member, 'pom.properties', readPomProperties(bytes));
  }
  for (const member of poms.slice(0, maxCoordinates)) {
    if (told.has(folderOf(member))) continue;
    const bytes = read(member, maxPomBytes);
    const pom = bytes && safePom(bytes);
    if (pom !== undefined) keep(member, 'pom.xml', pom);
  }
  return [...held.values()];
}

function folderOf({ name }: ZipMember): string {
  return name.slice(0, name.lastIndexOf('/'));
}

/** A POM that is no XML tells nothing; the next evidence is asked. */
function safePom(bytes: Buffer): Coordinates | undefined {
  try {
    return readPom(bytes);
  } catch {
    return undefined;
  }
}

function classDirectories(zip: ZipArchive): string[] {
  const directories = new Set<string>();
  let last = '/';
  const look = (name: string): boolean => {
    if (directories.size >= maxDirectories || !name.endsWith('.class') || name.startsWith(last)) return false;
    const parts = name.split('/', 4);
    const directory = (parts.length < 4 ? parts.slice(0, -1) : parts.slice(0, 3)).join('/');
    if (directory === '' || directory.length > 200 || directory.startsWith('META-INF')) return false;
    // Three folders deep there is nothing more to tell apart below.
    if (parts.length === 4) last = `${directory}/`;
    directories.add(directory);
    return false;
  };
  for (const _ of zip.members(look));
  return [...directories].sort();
}
