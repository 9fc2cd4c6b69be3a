import type { TextSecret } from './contract.ts';

/** Secrets in a short text, in order, none inside of another. */
export function secretsInText(_text: string): readonly TextSecret[] {
  return [];
}
