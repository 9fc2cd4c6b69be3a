import { detectorGeneration, maskSecrets, maskSecretsOfParts } from '../../detectors/index.ts';
import type { ImageHandle } from '../../image/index.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../kernel/index.ts';
import type { ConfigValue, ImageConfigView } from '../contract/index.ts';
import type { KeptConfig } from './ports.ts';

/** Size and depth of a config, as everywhere. */
const jsonLimits = { maxBytes: 4 * 1024 * 1024, maxDepth: 64 };
/** Entries of one list that are shown. */
const maxItems = 1_000;
/** Characters of one text that are shown. */
const maxText = 16 * 1024;

/** What of a config was cut. */
interface Cuts {
  any: boolean;
}

/**
 * The config of an opened image as it is shown and kept: no secret that the detector knows is in it. What has another
 * shape than it should is left out, as it is by those who run the image.
 */
export function describeConfig(image: Pick<ImageHandle, 'configBytes' | 'config' | 'document'>): ImageConfigView {
  const cuts: Cuts = { any: false };
  const root = objectOf(parseJson(image.configBytes, jsonLimits));
  const settings = objectOf(root.config);
  const text = (value: JsonValue | undefined): string | null => textOf(value, cuts);
  return {
    digest: image.document.content.config.digest,
    created: text(root.created),
    author: masked(text(root.author)),
    architecture: text(root.architecture),
    os: text(root.os),
    variant: text(root.variant),
    user: text(settings.User) || null,
    workingDir: text(settings.WorkingDir) || null,
    stopSignal: text(settings.StopSignal) || null,
    entrypoint: commandOf(settings.Entrypoint, cuts),
    cmd: commandOf(settings.Cmd, cuts),
    env: (textsOf(settings.Env, cuts) ?? []).map(variableOf),
    labels: labelsOf(settings.Labels, cuts),
    exposedPorts: keysOf(settings.ExposedPorts, cuts),
    volumes: keysOf(settings.Volumes, cuts),
    healthcheck: healthOf(settings.Healthcheck, cuts),
    history: historyOf(root.history, image, cuts),
    truncated: cuts.any,
  };
}

/** A config as it is kept. */
export function keptConfig(config: ImageConfigView): KeptConfig {
  return { rules: detectorGeneration, config };
}

/** A kept config as it is shown: what an older version did not know to be a secret is masked now. */
export function shownConfig({ rules, config }: KeptConfig): ImageConfigView {
  return rules === detectorGeneration ? config : maskedAgain(config);
}

function maskedAgain(config: ImageConfigView): ImageConfigView {
  return {
    ...config,
    author: masked(config.author),
    entrypoint: config.entrypoint && maskSecretsOfParts(config.entrypoint),
    cmd: config.cmd && maskSecretsOfParts(config.cmd),
    env: config.env.map((value) => again(value)),
    labels: config.labels.map((value) => again(value)),
    healthcheck: config.healthcheck && {
      ...config.healthcheck,
      test: maskSecretsOfParts(config.healthcheck.test),
    },
    history: config.history.map((entry) => {
      const [createdBy, comment] = [masked(entry.createdBy), masked(entry.comment)];
      const changed = createdBy !== entry.createdBy || comment !== entry.comment;
      return { ...entry, createdBy, comment, masked: entry.masked || changed };
    }),
  };
}

function again({ name, value, masked: before }: ConfigValue): ConfigValue {
  const now = pairOf(name, value);
  return { ...now, masked: before || now.masked };
}

function masked(text: string | null): string | null {
  return text === null ? null : maskSecrets(text);
}

/** `NAME=value`; the name tells what the value is. */
function variableOf(text: string): ConfigValue {
  const at = text.indexOf('=');
  return at < 0 ? pairOf(text, '') : pairOf(text.slice(0, at), text.slice(at + 1));
}

function pairOf(name: string, value: string): ConfigValue {
  const shown = maskSecrets(`${name}=${value}`);
  if (shown === `${name}=${value}`) return { name, value, masked: false };
  // The mask may reach into the name: an odd one, whose first sign of equality then lies elsewhere.
  if (shown.startsWith(`${name}=`)) return { name, value: shown.slice(name.length + 1), masked: true };
  return { name: maskSecrets(name), value: maskSecrets(value), masked: true };
}

function labelsOf(value: JsonValue | undefined, cuts: Cuts): readonly ConfigValue[] {
  const entries = Object.entries(objectOf(value)).filter(([, text]) => typeof text === 'string');
  return limited(entries, cuts).map(([name, text]) => pairOf(cutText(name, cuts), cutText(text as string, cuts)));
}

function commandOf(value: JsonValue | undefined, cuts: Cuts): readonly string[] | null {
  const parts = textsOf(value, cuts);
  return parts === null ? null : maskSecretsOfParts(parts);
}

function healthOf(value: JsonValue | undefined, cuts: Cuts): ImageConfigView['healthcheck'] {
  const check = objectOf(value);
  const test = commandOf(check.Test, cuts);
  if (test === null) return null;
  const number = (of: JsonValue | undefined): number | null =>
    typeof of === 'number' && Number.isFinite(of) ? of : null;
  return {
    test,
    interval: number(check.Interval),
    timeout: number(check.Timeout),
    startPeriod: number(check.StartPeriod),
    retries: number(check.Retries),
  };
}

function historyOf(
  value: JsonValue | undefined,
  { document, config }: Pick<ImageHandle, 'config' | 'document'>,
  cuts: Cuts,
): ImageConfigView['history'] {
  const entries = (Array.isArray(value) ? value : []).map(objectOf);
  const { layers } = document.content;
  const aligned = entries.filter((entry) => entry.empty_layer !== true).length === layers.length;
  let at = 0;
  const described = entries.map((entry): ImageConfigView['history'][number] => {
    const emptyLayer = entry.empty_layer === true;
    const index = at;
    if (!emptyLayer) at++;
    const layer = aligned && !emptyLayer ? layers[index] : undefined;
    const [createdBy, comment] = [textOf(entry.created_by, cuts), textOf(entry.comment, cuts)];
    const [shownBy, shownComment] = [masked(createdBy), masked(comment)];
    return {
      createdAt: textOf(entry.created, cuts),
      createdBy: shownBy,
      comment: shownComment,
      author: masked(textOf(entry.author, cuts)),
      emptyLayer,
      masked: shownBy !== createdBy || shownComment !== comment,
      layer: layer
        ? { digest: layer.digest, size: layer.size, diffId: config.diffIds[index] ?? null, base: null }
        : null,
    };
  });
  return limited(described, cuts);
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}

function keysOf(value: JsonValue | undefined, cuts: Cuts): readonly string[] {
  return limited(Object.keys(objectOf(value)), cuts).map((key) => cutText(key, cuts));
}

function textsOf(value: JsonValue | undefined, cuts: Cuts): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const texts = value.filter((item) => typeof item === 'string');
  return limited(texts, cuts).map((item) => cutText(item, cuts));
}

function textOf(value: JsonValue | undefined, cuts: Cuts): string | null {
  return typeof value === 'string' ? cutText(value, cuts) : null;
}

function limited<T>(list: readonly T[], cuts: Cuts): readonly T[] {
  if (list.length <= maxItems) return list;
  cuts.any = true;
  return list.slice(0, maxItems);
}

function cutText(text: string, cuts: Cuts): string {
  if (text.length <= maxText) return text;
  cuts.any = true;
  return text.slice(0, maxText);
}
