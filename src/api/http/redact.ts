/** What stands in a log where a secret was. */
export const redacted = '[redacted]';

const sensitiveName =
  /pass|pwd|secret|token|signature|credential|authorization|cookie|api-?key|access-?key|private|^auth$|^key$|^x-acs-|nonce/i;

/** Whether a header, parameter or member of this name may hold a secret. */
export function isSensitiveName(name: string): boolean {
  return sensitiveName.test(name);
}

const plainValue = /^[\w.:,/*@~+-]{0,64}$/;

/**
 * A request target for logs: the path, and the query with the values of sensitive names taken out. Values that are long or
 * not plain text (JSON documents may hold passwords inside) are replaced by their length.
 */
export function redactedTarget(target: string): string {
  const cut = target.indexOf('?');
  if (cut < 0) return target.slice(0, 512);
  const parts = target
    .slice(cut + 1)
    .split('&', 40)
    .map((part) => {
      const equals = part.indexOf('=');
      const name = equals < 0 ? part : part.slice(0, equals);
      const value = equals < 0 ? '' : part.slice(equals + 1);
      if (!plainValue.test(name)) return `(${name.length} characters)`;
      if (isSensitiveName(name)) return `${name}=${redacted}`;
      return plainValue.test(value) ? `${name}=${value}` : `${name}=(${value.length} characters)`;
    });
  return `${target.slice(0, Math.min(cut, 512))}?${parts.join('&')}`;
}

const maxDepth = 6;

/** A copy of a value for logs: members with sensitive names replaced, depth bounded, errors reduced to code, message, stack. */
export function redactDeep(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > 4096 ? `${value.slice(0, 4096)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return '[…]';
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Uint8Array) return `(${value.byteLength} bytes)`;
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redactDeep(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isSensitiveName(name) && member !== null && typeof member !== 'boolean' && typeof member !== 'number'
        ? redacted
        : redactDeep(member, depth + 1),
    ]),
  );
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  return {
    type: error.name,
    code: (error as { code?: unknown }).code,
    message: error.message.slice(0, 2000),
    stack: error.stack?.slice(0, 4000),
    cause: error.cause === undefined ? undefined : redactDeep(error.cause, depth + 1),
  };
}
