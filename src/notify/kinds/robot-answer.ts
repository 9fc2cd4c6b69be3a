import { isJsonObject, type JsonObject, parseJson } from '../../kernel/index.ts';
import type { HttpAnswer } from '../contract.ts';

/**
 * What a chat robot says in a body behind status 200.
 * @param names of the member with the number of the error and of its text; each in the order in which they are believed
 * @returns null when the number is 0
 */
export function robotRefusal({ body }: HttpAnswer, codes: readonly string[], texts: readonly string[]): string | null {
  const answer = objectOf(body);
  if (answer === null) return 'the answer is no JSON object';
  const code = codes.map((name) => answer[name]).find((value) => value !== undefined);
  if (code === 0 || code === '0') return null;
  if (code === undefined) return `the answer has no ${codes[0]}`;
  const text = texts.map((name) => answer[name]).find((value) => typeof value === 'string' && value !== '');
  return `${codes[0]} ${typeof code === 'object' ? '?' : String(code)}${text === undefined ? '' : `: ${String(text)}`}`;
}

function objectOf(body: string): JsonObject | null {
  try {
    const value = parseJson(Buffer.from(body));
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
