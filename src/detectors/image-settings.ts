import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../kernel/index.ts';

/** What an image config says about how its containers run, and how it was built (image-spec config.md). */
export interface ImageSettings {
  /** `config.User` as written; empty when absent. */
  readonly user: string;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** `Healthcheck.Test`; null when the config has none. */
  readonly healthcheck: readonly string[] | null;
  /** `Shell` of the build; empty when absent. */
  readonly shell: readonly string[];
  /** RFC 3339 as written; null when absent. */
  readonly created: string | null;
  /** Instructions in order; null when the config has no history. */
  readonly history: readonly HistoryEntry[] | null;
}

/** One build instruction. */
export interface HistoryEntry {
  readonly createdBy: string;
  readonly comment: string;
  /** Index of the layer that it made; null when it made none or the history does not fit the layers. */
  readonly layer: number | null;
}

/** Texts that are kept of one list, and characters of each: nothing real has more. */
const maxItems = 10_000;
const maxText = 64 * 1024;

/** Reads the settings; what has another shape than it should is left out, as it is by those who run the image. */
export function readImageSettings(configBytes: Uint8Array, layers: number): ImageSettings {
  const root = objectOf(parseJson(configBytes, { maxBytes: 4 * 1024 * 1024, maxDepth: 64 }));
  const settings = objectOf(root.config);
  const test = objectOf(settings.Healthcheck).Test;
  return {
    user: textOf(settings.User),
    env: textsOf(settings.Env),
    entrypoint: textsOf(settings.Entrypoint),
    cmd: textsOf(settings.Cmd),
    workingDir: textOf(settings.WorkingDir),
    exposedPorts: Object.keys(objectOf(settings.ExposedPorts)).slice(0, maxItems),
    volumes: Object.keys(objectOf(settings.Volumes)).slice(0, maxItems),
    labels: Object.fromEntries(
      Object.entries(objectOf(settings.Labels)).flatMap(([key, value]) =>
        typeof value === 'string' ? [[key, value.slice(0, maxText)]] : [],
      ),
    ),
    healthcheck: Array.isArray(test) ? textsOf(test) : null,
    shell: textsOf(settings.Shell),
    created: typeof root.created === 'string' ? root.created : null,
    history: Array.isArray(root.history) ? historyOf(root.history, layers) : null,
  };
}

function historyOf(list: readonly JsonValue[], layers: number): HistoryEntry[] {
  const entries = list.slice(0, maxItems).map(objectOf);
  const aligned = entries.filter((entry) => entry.empty_layer !== true).length === layers;
  let layer = 0;
  return entries.map((entry) => ({
    createdBy: textOf(entry.created_by),
    comment: textOf(entry.comment),
    layer: aligned && entry.empty_layer !== true ? layer++ : null,
  }));
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.slice(0, maxText) : '';
}

function textsOf(value: JsonValue | undefined): string[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((item) => typeof item === 'string')
    .slice(0, maxItems)
    .map((item) => item.slice(0, maxText));
}
