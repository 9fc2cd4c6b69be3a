import type { JsonObject } from '../../kernel/index.ts';
import { objectsOf, textOf } from '../json-values.ts';
import type { RawComponent, RawDocument } from './contract.ts';
import { sbomLimits } from './limits.ts';

/** Packages of an SPDX 2 document in JSON; one with several package URLs is several components. */
export function readSpdx(document: JsonObject): RawDocument {
  const components: RawComponent[] = [];
  for (const item of objectsOf(document.packages)) {
    const purls = purlsOf(item);
    for (const purl of purls.length === 0 ? [undefined] : purls) {
      if (components.length >= sbomLimits.components) return { components, truncated: true };
      components.push(readPackage(item, purl));
    }
  }
  return { components, truncated: false };
}

/**
 * What our own documents say of a package, which SPDX 2 has no field for: `drydock:scope=dev; drydock:guessed=true` in its
 * comment. Other comments are prose.
 */
function propertiesOf(comment: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  if (!comment.startsWith('drydock:')) return properties;
  for (const word of comment.split('; ')) {
    const equals = word.indexOf('=');
    if (equals > 0 && word.startsWith('drydock:')) properties.set(word.slice(0, equals), word.slice(equals + 1));
  }
  return properties;
}

function readPackage(item: JsonObject, purl: string | undefined): RawComponent {
  return {
    purl,
    name: textOf(item.name),
    version: textOf(item.versionInfo),
    // The specification and its schema spell OPERATING-SYSTEM differently.
    kind: textOf(item.primaryPackagePurpose).toLowerCase().replaceAll('_', '-'),
    dev: false,
    properties: propertiesOf(textOf(item.comment)),
    sourceInfo: textOf(item.sourceInfo),
    description: textOf(item.description),
    paths: [],
  };
}

function purlsOf(item: JsonObject): string[] {
  const purls = objectsOf(item.externalRefs)
    .filter(({ referenceType }) => referenceType === 'purl')
    .slice(0, 16)
    .map(({ referenceLocator }) => textOf(referenceLocator))
    .filter((purl) => purl !== '');
  return [...new Set(purls)];
}
