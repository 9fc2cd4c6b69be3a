import { createHash } from 'node:crypto';
import { validRepository } from '../../image/index.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../kernel/index.ts';

/** Largest notification, in bytes. */
export const maxHookBytes = 1024 * 1024;
/** How far the time of an event may be from ours. What is older is found by reconciliation. */
export const eventWindowMs = 15 * 60_000;

const maxEvents = 1000;

/** A change of one repository that a registry told of. */
export interface HookEvent {
  /** Names the event, so that it is not followed twice. */
  readonly key: string;
  readonly path: string;
  readonly actor: string | null;
  /** ms; null when it was not told. */
  readonly at: number | null;
}

/**
 * Reads a notification of a distribution registry (`application/vnd.docker.distribution.events.v1+json`) or of Harbor.
 * Only names of repositories come out: what is in them is asked of the registry itself.
 * @returns undefined for anything else
 */
export function parseEvents(body: Uint8Array): readonly HookEvent[] | undefined {
  let document: JsonValue;
  try {
    document = parseJson(body, { maxBytes: maxHookBytes, maxDepth: 32 });
  } catch {
    return undefined;
  }
  if (!isJsonObject(document)) return undefined;
  if (Array.isArray(document.events)) {
    return (document.events as JsonValue[]).slice(0, maxEvents).flatMap((event) => distributionEvent(event));
  }
  const data = document.event_data ?? document.data;
  if (!isJsonObject(data)) return undefined;
  return harborEvent(document, data, createHash('sha256').update(body).digest('hex'));
}

function distributionEvent(event: JsonValue): readonly HookEvent[] {
  if (!isJsonObject(event) || !isJsonObject(event.target)) return [];
  const { id, action, timestamp, actor, target } = event;
  if (action !== 'push' && action !== 'delete') return [];
  if (typeof target.repository !== 'string' || !validRepository(target.repository)) return [];
  return [
    {
      key: hash(typeof id === 'string' && id !== '' ? id : JSON.stringify(event)),
      path: target.repository,
      actor: isJsonObject(actor) ? name(actor.name) : null,
      at: time(timestamp),
    },
  ];
}

/** `PUSH_ARTIFACT` and the like with `event_data`, or CloudEvents (`harbor.artifact.pushed`) with `data`. */
function harborEvent(document: JsonObject, data: JsonObject, key: string): readonly HookEvent[] {
  const { type, occur_at, time: sent, operator } = document;
  const { repository } = data;
  if (typeof type !== 'string' || !isJsonObject(repository)) return [];
  if (!/push|delete|replicat|tag/i.test(type)) return [];
  const path = repository.repo_full_name;
  if (typeof path !== 'string' || !validRepository(path)) return [];
  const at = typeof occur_at === 'number' ? occur_at * 1000 : time(sent);
  return [{ key: hash(key), path, actor: name(operator ?? data.operator), at }];
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function time(value: JsonValue | undefined): number | null {
  const parsed = typeof value === 'string' && value.length <= 64 ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

/** Somebody else's text: bounded, without control characters. */
function name(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, '').slice(0, 128);
}
