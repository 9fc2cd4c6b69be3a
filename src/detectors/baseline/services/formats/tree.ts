import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { isJsonObject, type JsonValue, parseJson, readYaml } from '../../../../kernel/index.ts';
import { FormatError, formatLimits, type Setting } from './setting.ts';

/**
 * Values of a YAML file by their path: `security.authorization`; items of lists by number: `listen.0`. Keys with dots in
 * them read like paths, which is how Elasticsearch and Spring mean them. Aliases are left out. A map is told by its path
 * with the value `{}`, so that one can see that it is there. Of several documents all are read.
 * @throws FormatError, YamlError
 */
export function yamlSettings(text: string): Setting[] {
  if (text.length > formatLimits.treeBytes) throw new FormatError('too long');
  const settings: Setting[] = [];
  const lineOf = lineNumbers(text);
  let start = 0;
  for (const part of text.split(/^---[^\n]*$/m)) {
    const from = text.indexOf(part, start);
    walkYaml(readYaml(part, formatLimits.depth).contents, '', 0, (key, value, node) => {
      settings.push({ key, value, line: lineOf(from + (node.range?.[0] ?? 0)) });
    });
    start = from + part.length;
  }
  return settings;
}

type Found = (key: string, value: string, node: { readonly range?: readonly number[] | null }) => void;

function walkYaml(node: unknown, path: string, depth: number, found: Found): void {
  if (depth > formatLimits.depth || isAlias(node)) return;
  if (isScalar(node)) found(path, node.value === null ? '' : String(node.value), node);
  else if (isMap(node)) {
    if (path !== '') found(path, '{}', node);
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue;
      const below = path === '' ? String(key.value) : `${path}.${key.value}`;
      if (value === null) found(below, '', key);
      else walkYaml(value, below, depth + 1, found);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) walkYaml(item, `${path}.${index}`, depth + 1, found);
  }
}

/** Lines by offset, from one on. */
function lineNumbers(text: string): (offset: number) => number {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) ends.push(at);
  return (offset) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/**
 * Values of a JSON document by their path, as `yamlSettings` gives them, without lines.
 * @throws JsonError
 */
export function jsonSettings(text: string): Setting[] {
  const settings: Setting[] = [];
  const walk = (value: JsonValue, path: string): void => {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, `${path}.${index}`);
    } else if (isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) walk(item ?? null, path === '' ? key : `${path}.${key}`);
    } else settings.push({ key: path, value: value === null ? '' : String(value), line: null });
  };
  walk(parseJson(Buffer.from(text), { maxBytes: formatLimits.treeBytes, maxDepth: formatLimits.depth }), '');
  return settings;
}
