import type { EngineFile, EngineMatch, EngineRejection } from './contract.ts';

/** The parts of the native module that are used. */
export interface YaraModule {
  compile(text: string, options: object): YaraScanner;
}

/** Compiled rules of the native module. */
export interface YaraScanner {
  setMaxMatchesPerPattern(most: number): void;
  scan(bytes: Buffer, variables: Readonly<Record<string, string>>): readonly NativeMatch[];
}

interface NativeMatch {
  readonly ruleIdentifier: string;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly matches: readonly { readonly offset: number; readonly length: number }[];
}

const maxMessage = 300;
const keptMatches = 64;

/** Scanners of all files that the engine can use. */
export interface CompiledFiles {
  readonly rejected: readonly EngineRejection[];
  scan(bytes: Buffer, variables: Readonly<Record<string, string>>): readonly EngineMatch[];
}

/**
 * Files of a feed know nothing of each other, so each is compiled by itself. Included files are refused: they would be read
 * from this machine. So are patterns and loops that take for ever.
 */
export function compileFiles(engine: YaraModule, files: readonly EngineFile[]): CompiledFiles {
  const rejected: EngineRejection[] = [];
  const scanners: { readonly key: string; readonly scanner: YaraScanner }[] = [];
  for (const { key, text } of files) {
    try {
      const scanner = engine.compile(text, {
        defineVariables: { filename: '', filepath: '', extension: '', filetype: '' },
        ...{ enableIncludes: false, errorOnSlowPattern: true, errorOnSlowLoop: true, relaxedReSyntax: true },
      });
      scanner.setMaxMatchesPerPattern(keptMatches);
      scanners.push({ key, scanner });
    } catch (error) {
      rejected.push({ key, message: String((error as Error).message).slice(0, maxMessage) });
    }
  }
  return {
    rejected,
    scan: (bytes, variables) =>
      scanners.flatMap(({ key, scanner }) => scanner.scan(bytes, variables).map((match) => matchOf(key, match))),
  };
}

function matchOf(key: string, { ruleIdentifier, meta, tags, matches }: NativeMatch): EngineMatch {
  const values = Object.entries(meta).flatMap(([name, value]): [string, string | number | boolean][] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, value]] : [],
  );
  const places = matches.map(({ offset, length }) => ({ offset, length })).sort((a, b) => a.offset - b.offset);
  return { key, rule: ruleIdentifier, tags, meta: values, matches: places.slice(0, keptMatches) };
}
