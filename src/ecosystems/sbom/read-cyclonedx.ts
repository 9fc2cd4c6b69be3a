import { isJsonObject, type JsonObject } from '../../kernel/index.ts';
import { objectsOf, textOf } from '../json-values.ts';
import type { RawComponent, RawDocument } from './contract.ts';
import { sbomLimits } from './limits.ts';

/** Components of a CycloneDX document in JSON: its subject, then the list with all that is nested in it. */
export function readCycloneDx(document: JsonObject): RawDocument {
  const { metadata } = document;
  const subject = isJsonObject(metadata) && isJsonObject(metadata.component) ? [metadata.component] : [];
  const open: JsonObject[] = [...objectsOf(document.components)].reverse();
  open.push(...subject);
  const components: RawComponent[] = [];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (components.length >= sbomLimits.components) return { components, truncated: true };
    components.push(readComponent(item));
    for (const nested of [...objectsOf(item.components)].reverse()) open.push(nested);
  }
  return { components, truncated: false };
}

function readComponent(item: JsonObject): RawComponent {
  const properties = readProperties(item);
  const purl = textOf(item.purl);
  const group = textOf(item.group);
  const name = textOf(item.name);
  return {
    purl: purl === '' ? undefined : purl,
    // Some writers split the scope of npm and the path of Go modules off.
    name: group === '' ? name : `${group}/${name}`,
    version: textOf(item.version),
    kind: textOf(item.type),
    dev: item.scope === 'excluded' || properties.get('cdx:npm:package:development') === 'true',
    properties,
    sourceInfo: '',
    description: textOf(item.description),
    paths: [...occurrences(item), ...pathProperties(properties)].slice(0, sbomLimits.paths),
  };
}

function readProperties(item: JsonObject): Map<string, string> {
  const properties = new Map<string, string>();
  for (const property of objectsOf(item.properties).slice(0, sbomLimits.properties)) {
    properties.set(textOf(property.name), textOf(property.value));
  }
  return properties;
}

function occurrences({ evidence }: JsonObject): string[] {
  if (!isJsonObject(evidence)) return [];
  return objectsOf(evidence.occurrences)
    .slice(0, sbomLimits.paths)
    .map(({ location }) => textOf(location))
    .filter((path) => path !== '');
}

function pathProperties(properties: ReadonlyMap<string, string>): string[] {
  const names = ['aquasecurity:trivy:FilePath', 'syft:location:0:path', 'SrcFile'];
  return names.map((name) => properties.get(name) ?? '').filter((path) => path !== '');
}
