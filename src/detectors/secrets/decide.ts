import { baseName, displayPath } from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';
import type { DetectionInput, RiskLevel, SensitiveFile } from '../contract.ts';
import { fileHashes } from '../file-hashes.ts';
import type { Incomplete, SecretFact, SecretFacts } from './facts.ts';

type Input = Pick<DetectionInput, 'layers' | 'view' | 'owners'>;

/** A fact with the layer that it is of. */
interface LayerFact extends SecretFact {
  readonly layer: number;
}

const lower: Readonly<Record<RiskLevel, RiskLevel>> = { high: 'medium', medium: 'low', low: 'low' };

/** Places where values are made up more often than not: told one level lower, never left out (risks.md §4.1). */
const tryOuts =
  /(^|\/)(tests?|testing|testdata|test[-_]data|__tests__|spec|fixtures?|mocks?|examples?|samples?|demos?)\/|(^|\/)[^/]*\.(example|sample|dist|template)(\.[^/]*)?$/i;

/** What people write is here, whoever owns the file. */
const written = /^(etc|root|home)\//;

/** Decides with the merged file system what the facts of the layers mean. */
export function sensitiveFiles(
  analysis: string,
  keys: ReadonlySet<string>,
  classOf: (key: string) => string,
  input: Input,
): readonly SensitiveFile[] {
  const { layers, view } = input;
  const hashes = fileHashes(layers);
  return reported(analysis, keys, input).map(({ layer, path, rule, level, ...fact }) => {
    const current = view.entry(path);
    return {
      ...{ rule, class: classOf(rule), path, level: tryOuts.test(path) ? lower[level] : level },
      ...{ line: fact.line, offset: fact.offset, length: fact.length, excerpt: fact.excerpt },
      ...{ secretId: fact.secretId, total: fact.total },
      layer: layers[layer]?.digest ?? null,
      present: current?.type === 'file' && current.layer === layer,
      inBase: layers[layer]?.base === true,
      md5: hashes(layer, path)?.md5 ?? null,
    };
  });
}

/**
 * Leaves out what packages brought: a leak is a mistake, and a package's files are the same for everybody. Whether a file
 * is as the package had it is judged by its layers: one that lies on another file of its name was put there later.
 */
function reported(analysis: string, keys: ReadonlySet<string>, { layers, view, owners }: Input): LayerFact[] {
  const facts = layers.flatMap((layer, index) =>
    ((layer.facts.get(analysis) as SecretFacts | undefined)?.found ?? []).flatMap((fact) =>
      keys.has(fact.rule) ? [{ ...fact, layer: index }] : [],
    ),
  );
  const owned = new Map<LayerFact, string>();
  for (const fact of facts) {
    const path = view.canonical(fact.path) ?? fact.path;
    if (!written.test(path) && owners.ownerOf(path) !== undefined) owned.set(fact, path);
  }
  if (owned.size === 0) return facts;
  const first = firstLayers(new Set(owned.values()), { layers, view });
  return facts.filter((fact) => {
    const path = owned.get(fact);
    return path === undefined || (first.get(path) ?? fact.layer) < fact.layer;
  });
}

/** Lowest layer that has a file at each of these canonical paths. */
function firstLayers(
  paths: ReadonlySet<string>,
  { layers, view }: Pick<Input, 'layers' | 'view'>,
): Map<string, number> {
  const names = new Set([...paths].map(baseName));
  const first = new Map<string, number>();
  layers.forEach(({ tree }, index) => {
    for (const { path, type } of tree.entries) {
      if (type !== 'file' || !names.has(baseName(path))) continue;
      const canonical = view.canonical(path) ?? path;
      if (paths.has(canonical) && !first.has(canonical)) first.set(canonical, index);
    }
  });
  return first;
}

const reasons: Readonly<Record<Incomplete, string>> = {
  size: 'is so large that only its first and last 32 MiB were searched for secrets',
  time: 'took too long to search for secrets: the rest of it was not searched',
  values: 'has so many values that look like secrets that the rest of it was not searched',
};

/** What was not looked at. */
export function unread(analysis: string, layers: Input['layers']): readonly Diagnostic[] {
  return layers.flatMap(({ facts, digest }) => {
    const layerFacts = facts.get(analysis) as SecretFacts | undefined;
    if (layerFacts === undefined) return [];
    const { incomplete, incompleteTotal, dropped } = layerFacts;
    const tell = (message: string, path?: string): Diagnostic => {
      return { code: 'secrets_incomplete', ...(path !== undefined && { path }), layer: digest, message, partial: true };
    };
    const more = incompleteTotal - incomplete.length;
    return [
      ...incomplete.map(({ path, why }) => tell(`${displayPath(path)} ${reasons[why]}`, path)),
      ...(more > 0 ? [tell(`${more} more files were not searched for secrets to their end`)] : []),
      ...(dropped > 0 ? [tell(`${dropped} sensitive files of this layer are beyond what is kept`)] : []),
    ];
  });
}
