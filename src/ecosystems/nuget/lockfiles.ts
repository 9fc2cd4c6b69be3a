import { SaxesParser } from 'saxes';
import { isJsonObject } from '../../kernel/index.ts';
import type { ParsedFile } from '../file-cataloger.ts';
import { textOf } from '../json-values.ts';
import { type NugetFact, readObject, unreadable } from './deps-json.ts';

/** `packages.lock.json`: what was resolved for each framework; projects of the same solution are no packages. */
export function parsePackagesLock(bytes: Uint8Array): ParsedFile<NugetFact> | undefined {
  const document = readObject(bytes);
  if (document === undefined) return unreadable;
  const { dependencies } = document;
  if (!isJsonObject(dependencies)) return undefined;
  const found = new Map<string, NugetFact>();
  for (const framework of Object.values(dependencies)) {
    if (!isJsonObject(framework)) continue;
    for (const [name, item] of Object.entries(framework)) {
      if (!isJsonObject(item) || item.type === 'Project') continue;
      const version = textOf(item.resolved, 256);
      found.set(`${name}/${version}`, { name, version });
    }
  }
  return { packages: [...found.values()] };
}

const maxPackages = 50_000;

/** `packages.config` of old projects. Document types, and with them entities, are refused. */
export function parsePackagesConfig(bytes: Uint8Array): ParsedFile<NugetFact> {
  const packages: NugetFact[] = [];
  let problem: string | undefined;
  const stop = (why: string): never => {
    problem ??= why;
    throw new Error(why);
  };
  const parser = new SaxesParser({ xmlns: false });
  let depth = 0;
  parser.on('doctype', () => stop('it has a document type'));
  parser.on('error', () => stop('it is not valid XML'));
  parser.on('opentag', ({ name, attributes }) => {
    if (++depth > 16) stop('it is nested too deep');
    if (depth !== 2 || name !== 'package') return;
    if (packages.length >= maxPackages) stop(`it has more than ${maxPackages} packages`);
    const dev = attributes.developmentDependency?.toLowerCase() === 'true';
    packages.push({
      name: (attributes.id ?? '').slice(0, 512),
      version: (attributes.version ?? '').slice(0, 256),
      ...(dev && { dev: true }),
    });
  });
  parser.on('closetag', () => depth--);
  try {
    parser.write(decode(bytes)).close();
  } catch (error) {
    // Saxes throws what the handlers throw, and on input that it cannot take at all.
    problem ??= error instanceof Error ? 'it is not valid XML' : String(error);
  }
  return problem === undefined ? { packages } : { packages, problem, partial: true };
}

/** Visual Studio writes UTF-8 and, in some versions, UTF-16. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
}
