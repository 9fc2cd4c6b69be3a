import { joinPath } from '../../../image/index.ts';
import type { RiskEvidence } from '../../contract.ts';
import type { CheckContext, FactReader, ReadFile } from '../contract.ts';
import { entryScripts } from './entry-script.ts';
import { type Options, optionsOf } from './options.ts';
import { programsNamed } from './programs.ts';
import type { ConfigSource, KeptSetting, Presence, ServiceFacts } from './source.ts';

/** A setting and where it stands. */
export interface Found extends KeptSetting {
  readonly file: ConfigFile;
}

/** One file of the final file system, read as one source. */
export interface ConfigFile {
  readonly path: string;
  readonly layer: number;
  readonly settings: readonly KeptSetting[];
  /** Not, or not wholly, read. */
  readonly unread: boolean;
}

/** The image as one service's rule sees it. */
export class ServiceImage {
  readonly context: CheckContext;
  /** With which the image starts the service. */
  readonly options: Options | undefined;
  readonly #rule: Presence;
  readonly #files: readonly ReadFile<ServiceFacts>[];
  readonly #env = new Map<string, string>();

  constructor(context: CheckContext, rule: Presence, reader: FactReader<ServiceFacts>, sources: SourcesOf) {
    this.context = context;
    this.#rule = rule;
    this.options = optionsOf(context.image.settings, rule.programs);
    // A file over the limits has no facts: only its name tells what it may be.
    this.#files = context.files(reader).map((file) => {
      if (file.facts !== undefined) return file;
      const unread = { settings: [], problem: 'too_large' } as const;
      return { ...file, facts: Object.fromEntries(sources(file.path).map(({ id }) => [id, unread])) };
    });
    for (const text of context.image.settings.env) {
      const equals = text.indexOf('=');
      if (equals > 0) this.#env.set(text.slice(0, equals), text.slice(equals + 1));
    }
  }

  /** Whether the service is there at all. */
  present(): boolean {
    const { packages, telling = [] } = this.#rule;
    return (
      this.programs().length > 0 ||
      this.context.packages.some(({ name, scope = 'installed' }) => scope === 'installed' && packages.test(name)) ||
      telling.some((source) => this.all(source).length > 0)
    );
  }

  /** Paths of the service's programs. */
  programs(names: readonly string[] = this.#rule.programs): readonly string[] {
    return programsNamed(this.context.view, names).map(({ path }) => path);
  }

  /** Versions of the packages that fit a name. */
  versions(name: RegExp): readonly string[] {
    return this.context.packages.filter((pkg) => name.test(pkg.name)).map(({ version }) => version);
  }

  /** Files of a source in path order. */
  files(source: ConfigSource): readonly ConfigFile[] {
    return this.#files.flatMap(({ path, layer, facts }) => {
      const read = facts?.[source.id];
      return read === undefined ? [] : [{ path, layer, settings: read.settings, unread: read.problem !== undefined }];
    });
  }

  /** Settings of a source in the order in which they are read; of one key all are given. */
  all(source: ConfigSource, key?: string | RegExp): readonly Found[] {
    return this.files(source).flatMap((file) =>
      file.settings.filter((setting) => fits(setting.key, key)).map((setting) => ({ ...setting, file })),
    );
  }

  /** The setting that counts: the last one. */
  last(source: ConfigSource, key: string | RegExp): Found | undefined {
    return this.all(source, key).at(-1);
  }

  /** A variable of the image. */
  env(name: string): string | undefined {
    return this.#env.get(name);
  }

  /** The first of these variables that the image sets to something. */
  envSet(...names: readonly string[]): string | undefined {
    return names.find((name) => (this.#env.get(name) ?? '') !== '');
  }

  /** The first of these variables that the image's start script reads, and the image does not set. */
  expected(...names: readonly string[]): string | undefined {
    const script = this.#startScript();
    if (script === undefined) return undefined;
    return names.find((name) => !this.#env.has(name) && script.has(name));
  }

  #startScript(): ReadonlySet<string> | undefined {
    const { entrypoint, cmd } = this.context.image.settings;
    const [word] = entrypoint.length > 0 ? entrypoint : cmd;
    if (word === undefined) return undefined;
    const places = word.includes('/') ? [''] : ['usr/local/bin', 'usr/bin', 'bin', 'usr/local/sbin', 'usr/sbin', ''];
    const paths = new Set(
      places.map((place) => this.context.entry(joinPath(place, word.replace(/^\/+/, '')))?.path).filter(Boolean),
    );
    const file = this.files(entryScripts).find(({ path }) => paths.has(path));
    return file && new Set(file.settings.map(({ key }) => key));
  }

  /** Evidence of a setting; a secret is told by what it is. */
  evidence({ file, key, line, value, secret }: Found): RiskEvidence {
    const shown = value ?? `(${secret})`;
    return this.context.evidence(file, { ...(line !== null && { line }), excerpt: `${key} ${shown}`.trim() });
  }

  /** Evidence of something that a file does not say. */
  missing(file: Pick<ConfigFile, 'path' | 'layer'>, what: string): RiskEvidence {
    return this.context.evidence(file, { excerpt: what });
  }

  /** Evidence of a variable; the value is shown only when `shown` says how. */
  envEvidence(name: string, shown = '(set)'): RiskEvidence {
    return this.context.settingsEvidence('config:Env', `${name}=${shown}`);
  }

  /** Evidence of an option of the command. */
  optionEvidence(text: string): RiskEvidence {
    return this.context.settingsEvidence('config:Cmd', text);
  }

  /** Evidence that stands for the service itself, where a default is what is wrong. */
  here(what: string): RiskEvidence {
    const [program] = programsNamed(this.context.view, this.#rule.programs);
    if (program !== undefined) return this.context.evidence(program, { excerpt: what });
    const { packages } = this.#rule;
    const location = this.context.packages.find(({ name }) => packages.test(name))?.locations[0];
    if (location === undefined) return this.context.settingsEvidence('config:Cmd', what);
    const layer = this.context.layers.findIndex(({ digest }) => digest === location.layer);
    return this.context.settingsEvidence(location.path, what, layer < 0 ? null : layer);
  }
}

/** Sources that a path may be a file of. */
export type SourcesOf = (path: string) => readonly ConfigSource[];

function fits(key: string, wanted: string | RegExp | undefined): boolean {
  return wanted === undefined || (typeof wanted === 'string' ? key === wanted : wanted.test(key));
}
