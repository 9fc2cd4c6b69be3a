import type { UnionView } from '../../image/index.ts';
import { databaseDirectories, databaseNames, rpmCataloger } from './catalog.ts';
import type { RpmFacts } from './facts.ts';

/** What rpm recorded of one program. */
export interface ProgramSum {
  readonly package: string;
  /** Without leading slash, as the record spells it. */
  readonly path: string;
  readonly algorithm: 'md5' | 'sha256';
  /** Hex, lower case. */
  readonly digest: string;
}

/**
 * Digests of the programs in the package databases of the final file system.
 * @param layers facts by analysis, lowest layer first
 */
export function* rpmProgramSums(
  layers: readonly { readonly facts: ReadonlyMap<string, unknown> }[],
  view: UnionView,
): Generator<ProgramSum> {
  const read = new Set<string>();
  for (const directory of databaseDirectories) {
    const place = databaseNames.map((name) => view.resolve(`${directory}/${name}`)).find((entry) => entry?.content);
    if (place?.content === undefined || read.has(place.path)) continue;
    read.add(place.path);
    const { layer, path } = place.content;
    const facts = layers[layer]?.facts.get(rpmCataloger.analysis.id) as RpmFacts | undefined;
    for (const { name, programs = [] } of facts?.files.find((file) => file.path === path)?.records ?? []) {
      for (const program of programs) {
        const end = program.indexOf(' ');
        const algorithm = end === 32 ? 'md5' : 'sha256';
        yield { package: name, path: program.slice(end + 2), algorithm, digest: program.slice(0, end) };
      }
    }
  }
}
