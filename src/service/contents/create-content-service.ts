import { CodedError, messageOf } from '../../kernel/index.ts';
import type { Call, ContentService, ImageConfigView, ImageView, ReferrersView } from '../contract/index.ts';
import { ServiceError } from '../errors.ts';
import { cleanLine } from '../fixes/log-lines.ts';
import { describeConfig, keptConfig, shownConfig } from './describe-config.ts';
import { differenceOf } from './difference.ts';
import { lineageOf } from './lineage.ts';
import type { ContentDeps } from './ports.ts';

/** How long a registry may take while somebody waits. */
const registryMs = 20_000;
/** Registries that are asked at a time by one process, for all callers. */
const atOnce = 8;
/** Referrers of an image that are shown. */
const maxReferrers = 200;
/** Annotations of one of them. */
const maxAnnotations = 50;
/** Characters of a text of a registry. */
const maxText = 2_000;

/** What images are made of and came from. Registries are asked with a bound, and only for what is not known. */
export function createContentService(deps: ContentDeps): ContentService {
  const turns = new Turns();
  const image = async (call: Call, uuid: string): Promise<ImageView | null> =>
    (await deps.images.byUuids(call, [uuid]))[0] ?? null;
  const asked = <T>(call: Call, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    turns.take(() => work(AbortSignal.any([call.signal, AbortSignal.timeout(registryMs)])));
  return {
    async config(call, uuid) {
      const found = await image(call, uuid);
      if (found === null) return null;
      const kept = await deps.store.config(found.manifestId);
      const config =
        kept === null ? await asked(call, (signal) => fetchConfig(deps, found, signal)) : shownConfig(kept);
      return withBase(config, (await deps.store.scannedImage(found.manifestId))?.layers ?? []);
    },
    async referrers(call, uuid) {
      const found = await image(call, uuid);
      return found === null ? null : asked(call, (signal) => readReferrers(deps, found, call, signal));
    },
    async lineage(call, uuid) {
      const found = await image(call, uuid);
      return found === null ? null : lineageOf(deps, call, found);
    },
    difference: (call, fixId) => differenceOf(deps, call, fixId),
  };
}

async function fetchConfig(
  { registries, store }: ContentDeps,
  image: ImageView,
  signal: AbortSignal,
): Promise<ImageConfigView> {
  try {
    const config = await registries.read(image, describeConfig, signal);
    await store.keepConfig(image.manifestId, keptConfig(config));
    return config;
  } catch (error) {
    const { code, message } = reasonOf(error);
    throw new ServiceError('unavailable', `the registry does not give the configuration: ${code}: ${message}`, {
      hint: 'A scan keeps the configuration; scan the image when its registry is back.',
      retryable: true,
      cause: error,
    });
  }
}

/** Which layers are the base image's, as the last scan said. */
function withBase(config: ImageConfigView, layers: readonly { digest: string; base: boolean | null }[]) {
  const base = new Map(layers.map((layer) => [layer.digest, layer.base]));
  return {
    ...config,
    history: config.history.map((entry) => ({
      ...entry,
      layer: entry.layer && { ...entry.layer, base: base.get(entry.layer.digest) ?? null },
    })),
  };
}

async function readReferrers(
  { registries }: ContentDeps,
  image: ImageView,
  call: Call,
  signal: AbortSignal,
): Promise<ReferrersView> {
  const ability = image.registry.abilities?.referrers;
  const byApi = ability?.state === 'yes';
  const refused = ability !== undefined && ability.state === 'no' && ability.code !== null;
  const reason = refused ? { code: ability.code ?? '', message: shown(ability.reason ?? '') } : null;
  try {
    const found = await registries.referrers(image, signal);
    const items = found.slice(0, maxReferrers).map((descriptor) => ({
      digest: descriptor.digest,
      artifactType: descriptor.artifactType === undefined ? null : shown(descriptor.artifactType),
      mediaType: shown(descriptor.mediaType),
      size: descriptor.size,
      annotations: Object.entries(descriptor.annotations ?? {})
        .slice(0, maxAnnotations)
        .map(([name, value]) => ({ name: shown(name), value: shown(value) })),
    }));
    const via = byApi ? 'api' : items.length > 0 ? 'tag' : null;
    return { subject: image.digest, via, reason, items, truncated: found.length > items.length };
  } catch (error) {
    call.signal.throwIfAborted();
    return { subject: image.digest, via: null, reason: reasonOf(error), items: [], truncated: false };
  }
}

/** Code and sentence of a failure of a registry. @throws what is no failure of the outside */
function reasonOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return { code: 'timeout', message: 'the registry took too long' };
  }
  if (!(error instanceof CodedError)) throw error;
  return { code: error.code, message: cleanLine(messageOf(error)) };
}

function shown(text: string): string {
  return text.slice(0, maxText);
}

/** Lets a few work at a time; the others wait. */
class Turns {
  #free = atOnce;
  readonly #waiting: (() => void)[] = [];

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
