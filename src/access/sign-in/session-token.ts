import { isJsonObject, type JsonValue } from '../../kernel/index.ts';
import type { Sealer } from '../contract.ts';

/** What the token of a temporary key says of itself. */
export interface SessionTokenFacts {
  readonly accessKeyId: string;
  /** ms */
  readonly expiresAt: number;
}

/** How long ended tokens and temporary keys are known as expired rather than unknown, ms. */
export const endedKeptMs = 24 * 3_600_000;

const context = 'session token';

/** The text that must come along with a temporary key: its facts, sealed. */
export function makeSessionToken(sealer: Sealer, facts: SessionTokenFacts): string {
  return Buffer.from(sealer.seal(Buffer.from(JSON.stringify(facts)), context)).toString('base64');
}

/** What a token says; undefined when this installation has not made it. */
export function readSessionToken(sealer: Sealer, token: string): SessionTokenFacts | undefined {
  if (token.length > 8192 || !/^[A-Za-z0-9+/]+={0,2}$/.test(token)) return undefined;
  try {
    const facts: unknown = JSON.parse(Buffer.from(sealer.open(Buffer.from(token, 'base64'), context)).toString());
    if (!isJsonObject(facts as JsonValue)) return undefined;
    const { accessKeyId, expiresAt } = facts as Record<string, unknown>;
    return typeof accessKeyId === 'string' && typeof expiresAt === 'number' ? { accessKeyId, expiresAt } : undefined;
  } catch {
    return undefined;
  }
}
