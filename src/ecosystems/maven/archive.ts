import { createHash } from 'node:crypto';
import { messageOf } from '../../kernel/index.ts';
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

/** Told of a member that could not be read or used; the archive is read on. */
export type OnProblem = (code: string, problem: string, member: string) => void;

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
      onProblem(error.code, error.message, member.name);
      return undefined;
    }
  };
  const coordinates = readCoordinates(found, read, onProblem);
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

type Read = (member: ZipMember, limit: number) => Buffer | undefined;

/** Coordinates of all `pom.properties`, and of those `pom.xml` that have no usable one beside them. */
function readCoordinates({ properties, poms }: Found, read: Read, onProblem: OnProblem): HeldCoordinates[] {
  const held = new Map<string, HeldCoordinates>();
  /** What is wrong with the metadata of a folder, until something right is found there. */
  const wrong = new Map<string, { readonly member: ZipMember; readonly problem: string }>();
  const told = new Set<string>();
  const look = (member: ZipMember, from: HeldCoordinates['from'], limit: number, parse: Parse): void => {
    const folder = member.name.slice(0, member.name.lastIndexOf('/'));
    if (told.has(folder)) return;
    const bytes = read(member, limit);
    if (bytes === undefined) return;
    const result = usable(member, bytes, parse);
    if (typeof result === 'string') wrong.set(folder, { member, problem: result });
    else {
      told.add(folder);
      wrong.delete(folder);
      held.set(JSON.stringify(result), { ...result, from });
    }
  };
  const all = [...properties, ...poms];
  for (const member of all.slice(0, maxCoordinates)) {
    if (member.name.endsWith('.xml')) look(member, 'pom.xml', maxPomBytes, readPom);
    else look(member, 'pom.properties', maxPropertiesBytes, readPomProperties);
  }
  for (const { member, problem } of wrong.values()) onProblem('package_invalid_metadata', problem, member.name);
  const rest = all.length - maxCoordinates;
  if (rest > 0) onProblem('archive_limit', `and ${rest - 1} more were not read`, all[maxCoordinates]?.name ?? '');
  return [...held.values()];
}

type Parse = (bytes: Uint8Array) => Coordinates;

/** Coordinates with which something can be done, or what is wrong. Names that the file leaves out are those of its folders. */
function usable(member: ZipMember, bytes: Buffer, parse: Parse): Coordinates | string {
  const [group = '', artifact = ''] = member.name.split('/').slice(-3);
  try {
    const { version, ...names } = parse(bytes);
    const whole = checked({ group: names.group || group, artifact: names.artifact || artifact, version });
    return whole ?? 'names no valid coordinates';
  } catch (error) {
    return `is no POM: ${messageOf(error).slice(0, 200)}`;
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
