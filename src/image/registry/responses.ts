import { discard, type HttpResponse, isJsonObject, type JsonValue, type Pace, parseJson } from '../../kernel/index.ts';
import { RegistryError, type RegistryErrorCode } from './errors.ts';
import { parseRetryAfter } from './retry.ts';
import { readBody } from './transport.ts';

const errorBodyBytes = 64 * 1024;
const messageCharacters = 300;

/** Statuses after which the same request may succeed. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 429 || status === 500 || status === 502 || status === 503 || status === 504;
}

/** Turns an unwanted answer into an error with the registry's own explanation; consumes the body. */
export async function statusError(response: HttpResponse, what: string, now: Date): Promise<RegistryError> {
  const { status } = response;
  const { codes, text } = await explain(response);
  const code = codeFor(status, codes, text);
  const detail = text === '' ? '' : `: ${text}`;
  return new RegistryError(code, `${what}: ${response.url.host} answered ${status}${detail}`, {
    status,
    retryable: isRetryableStatus(status) && code !== 'quota',
    retryAfterMs: parseRetryAfter(response.headers['retry-after'], now),
  });
}

function codeFor(status: number, codes: readonly string[], text: string): RegistryErrorCode {
  // Registries tell a full quota by different statuses (403, 413, 507, Harbor: 412) and rarely by a code.
  if (status === 507 || codes.includes('QUOTA_EXCEEDED') || /\bquota\b/i.test(text)) return 'quota';
  if (codes.includes('DIGEST_INVALID')) return 'digest_mismatch';
  if (codes.includes('TAG_IMMUTABLE') || codes.includes('ImageTagAlreadyExistsException')) return 'tag_immutable';
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'denied';
  if (status === 404) return 'not_found';
  if (status === 408) return 'timeout';
  if (status === 409 || /\bimmutable\b/i.test(text)) return 'tag_immutable';
  if (status === 429) return 'rate_limited';
  if (status >= 500) return 'unavailable';
  return status >= 400 ? 'invalid_request' : 'invalid_response';
}

/** Codes and messages of a distribution-spec error body, bounded; empty for anything else. */
async function explain(response: HttpResponse): Promise<{ codes: string[]; text: string }> {
  const codes: string[] = [];
  const messages: string[] = [];
  if (!response.headers['content-type']?.includes('json')) {
    await discard(response);
    return { codes, text: '' };
  }
  try {
    const body = parseJson(await readBody(response, errorBodyBytes), { maxBytes: errorBodyBytes, maxDepth: 20 });
    const errors = isJsonObject(body) && Array.isArray(body.errors) ? (body.errors as JsonValue[]) : [];
    for (const error of errors.slice(0, 5)) {
      if (!isJsonObject(error)) continue;
      if (typeof error.code === 'string') codes.push(error.code);
      if (typeof error.message === 'string') messages.push(error.message);
    }
  } catch {
    // The status speaks for itself.
  }
  return { codes, text: messages.join('; ').slice(0, messageCharacters) };
}

/** Reads a JSON answer. @throws RegistryError `invalid_response` when it is HTML, too large or not JSON */
export async function readJson(response: HttpResponse, limit: number, what: string, pace?: Pace): Promise<JsonValue> {
  await refuseHtml(response, what);
  const bytes = await readBody(response, limit, pace);
  try {
    return parseJson(bytes, { maxBytes: limit, maxDepth: 64 });
  } catch (cause) {
    throw new RegistryError('invalid_response', `${what}: ${response.url.host} did not answer with JSON`, { cause });
  }
}

/** A login page with status 200 is the usual sign of a proxy in front of the registry. */
export async function refuseHtml(response: HttpResponse, what: string): Promise<void> {
  if (!response.headers['content-type']?.toLowerCase().startsWith('text/html')) return;
  await discard(response);
  throw new RegistryError('invalid_response', `${what}: ${response.url.host} answered with a web page`, {
    status: response.status,
  });
}
