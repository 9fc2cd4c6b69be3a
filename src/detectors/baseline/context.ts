import type { ViewEntry } from '../../image/index.ts';
import type { DetectionInput, DetectorId, RiskEvidence } from '../contract.ts';
import { fileHashes } from '../file-hashes.ts';
import { cut } from '../mask.ts';
import type { CheckContext, FactReader, ReadFile } from './contract.ts';
import type { BaselineFacts, FileFacts } from './facts.ts';
import type { BaselineSettings } from './settings.ts';

/** What checks ask of one image. */
export function checkContext(
  input: DetectionInput,
  analysisId: string,
  settings: BaselineSettings,
  asked: ReadonlySet<DetectorId>,
): CheckContext {
  const { layers, view, packages } = input;
  const byLayer = layers.map(({ facts }) => indexOf(facts.get(analysisId) as BaselineFacts | undefined));
  const names = new Set(packages.flatMap((pkg) => [pkg.name, ...(pkg.source === null ? [] : [pkg.source.name])]));
  const hashes = fileHashes(layers);
  const read = <F>(reader: FactReader<F>, entry: ViewEntry | undefined): ReadFile<F> | undefined => {
    if (entry?.content === undefined) return undefined;
    const { layer, path } = entry.content;
    const file = byLayer[layer]?.get(reader.id)?.get(path);
    return file && { path: entry.path, layer, facts: file.facts as F | undefined };
  };
  const inBase = (layer: number | null): boolean => layer !== null && layers[layer]?.base === true;
  return {
    ...input,
    settings,
    asked,
    file: (reader, path) => read(reader, view.resolve(path)),
    files(reader) {
      const found = new Map<string, ReadFile<never>>();
      for (const facts of byLayer) {
        for (const path of facts.get(reader.id)?.keys() ?? []) {
          const file = read(reader, view.entry(path));
          if (file !== undefined) found.set(file.path, file as ReadFile<never>);
        }
      }
      return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    filesOfLayers: (reader) =>
      byLayer.flatMap((facts, layer) =>
        [...(facts.get(reader.id)?.values() ?? [])].map((file) => {
          return { path: file.path, layer, facts: file.facts as never };
        }),
      ),
    evidence({ path, layer }, { line, excerpt } = {}): RiskEvidence {
      return {
        path,
        layer: layers[layer]?.digest ?? null,
        line: line ?? null,
        excerpt: excerpt === undefined ? null : cut(excerpt),
        inBase: inBase(layer),
      };
    },
    settingsEvidence(path, excerpt, layer = null) {
      return {
        path,
        layer: layer === null ? null : (layers[layer]?.digest ?? null),
        line: null,
        excerpt: excerpt === null ? null : cut(excerpt),
        inBase: inBase(layer),
      };
    },
    hasPackage: (name) => names.has(name),
    entry: (path) => view.resolve(path),
    hashes: ({ path, layer }) => hashes(layer, path),
  };
}

function indexOf(facts: BaselineFacts = {}): ReadonlyMap<string, ReadonlyMap<string, FileFacts>> {
  return new Map(
    Object.entries(facts).map(([reader, files]) => [reader, new Map(files.map((file) => [file.path, file]))]),
  );
}
