import { SaxesParser } from 'saxes';
import type { Coordinates } from './properties.ts';

/** One `<dependency>`, with the properties of its POM put in; a part that is not told is ''. */
export interface PomDependency extends Coordinates {
  readonly scope: string;
}

/** What a POM says by itself: what it inherits from a parent outside of the file is not known, except the parent's name. */
export interface Pom extends Coordinates {
  readonly dependencies: readonly PomDependency[];
}

/** Bytes of a POM; the largest published ones stay below a tenth. */
export const maxPomBytes = 4 * 1024 ** 2;
const maxDepth = 200;
const maxText = 500;
const maxProperties = 10_000;
const maxDependencies = 10_000;

/**
 * Reads a POM. Declarations of a document type, and with them all entities but the five of XML, are refused.
 * @throws Error with a sentence for a person: what is wrong with the file
 */
export function readPom(bytes: Uint8Array): Pom {
  if (bytes.length > maxPomBytes) throw new Error(`is longer than ${maxPomBytes} bytes`);
  const reader = new PomReader();
  const parser = new SaxesParser();
  // Without a handler the parser throws at the first error.
  parser.on('doctype', () => {
    throw new Error('declares a document type');
  });
  parser.on('opentag', ({ name }) => reader.open(name));
  parser.on('text', (text) => reader.text(text));
  parser.on('cdata', (text) => reader.text(text));
  parser.on('closetag', () => reader.close());
  parser.write(new TextDecoder('utf-8').decode(bytes)).close();
  return reader.pom();
}

class PomReader {
  /** Names of the open elements. */
  readonly #path: string[] = [];
  #text = '';
  readonly #own = new Map<string, string>();
  readonly #parent = new Map<string, string>();
  readonly #properties = new Map<string, string>();
  #dependency: Map<string, string> | undefined;
  readonly #dependencies: Map<string, string>[] = [];

  open(name: string): void {
    if (this.#path.length >= maxDepth) throw new Error(`is nested deeper than ${maxDepth}`);
    this.#path.push(name);
    this.#text = '';
    if (this.#at('project', 'dependencies', 'dependency')) this.#dependency = new Map();
  }

  text(text: string): void {
    if (this.#text.length <= maxText) this.#text += text.length > maxText ? text.slice(0, maxText + 1) : text;
  }

  close(): void {
    const value = this.#text.trim();
    const name = this.#path.at(-1) ?? '';
    if (value.length <= maxText) this.#keep(name, value);
    if (this.#at('project', 'dependencies', 'dependency') && this.#dependency !== undefined) {
      if (this.#dependencies.length < maxDependencies) this.#dependencies.push(this.#dependency);
    }
    this.#path.pop();
    this.#text = '';
  }

  #keep(name: string, value: string): void {
    const depth = this.#path.length;
    if (depth === 2 && this.#path[0] === 'project') this.#own.set(name, value);
    else if (depth === 3 && this.#at('project', 'parent', name)) this.#parent.set(name, value);
    else if (depth === 3 && this.#at('project', 'properties', name)) {
      if (this.#properties.size < maxProperties) this.#properties.set(name, value);
    } else if (depth === 4 && this.#at('project', 'dependencies', 'dependency', name))
      this.#dependency?.set(name, value);
  }

  #at(...names: string[]): boolean {
    return this.#path.length === names.length && names.every((name, index) => this.#path[index] === name);
  }

  pom(): Pom {
    const own = (name: string): string => this.#own.get(name) || this.#parent.get(name) || '';
    const variables = new Map(this.#properties);
    for (const [prefix, part] of [
      ['project.', own],
      ['pom.', own],
      ['project.parent.', (name: string) => this.#parent.get(name) ?? ''],
    ] as const) {
      for (const name of ['groupId', 'artifactId', 'version']) variables.set(prefix + name, part(name));
    }
    const value = (text: string | undefined): string => interpolate(text ?? '', variables);
    return {
      group: value(own('groupId')),
      artifact: value(this.#own.get('artifactId')),
      version: value(own('version')),
      dependencies: this.#dependencies.map((dependency) => ({
        group: value(dependency.get('groupId')),
        artifact: value(dependency.get('artifactId')),
        version: value(dependency.get('version')),
        scope: value(dependency.get('scope')),
      })),
    };
  }
}

/** Puts in variables, which may hold variables themselves; what grows too long or goes in circles is given back as it is. */
function interpolate(text: string, variables: ReadonlyMap<string, string>): string {
  let result = text;
  for (let rounds = 0; rounds < 20; rounds++) {
    const start = result.indexOf('${');
    const end = start < 0 ? -1 : result.indexOf('}', start);
    if (end < 0) return result;
    const value = variables.get(result.slice(start + 2, end));
    if (value === undefined) return result;
    const next = result.slice(0, start) + value + result.slice(end + 1);
    if (next.length > maxText) return result;
    result = next;
  }
  return result;
}
