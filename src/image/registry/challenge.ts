/** One challenge of a `WWW-Authenticate` header (RFC 9110 §11.6.1); parameter names in lower case. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`, … */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const maxHeader = 8 * 1024;
const maxParameters = 16;

/**
 * Parses a `WWW-Authenticate` header that may hold several challenges. One pass, no backtracking; text that does not
 * follow the grammar ends the parsing, and what was complete before it counts.
 */
export function parseChallenges(header: string | undefined): readonly Challenge[] {
  if (header === undefined || header.length > maxHeader) return [];
  const scanner = new Scanner(header);
  const challenges: Challenge[] = [];
  while (challenges.length < 8) {
    scanner.skip(' \t,');
    const scheme = scanner.token();
    if (scheme === '') break;
    const parameters = new Map<string, string>();
    while (parameters.size < maxParameters && readParameter(scanner, parameters));
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
  }
  return challenges;
}

/** Reads `name=value`; leaves the scanner alone and answers false when something else comes. */
function readParameter(scanner: Scanner, into: Map<string, string>): boolean {
  const start = scanner.at;
  scanner.skip(' \t,');
  const name = scanner.token();
  scanner.skip(' \t');
  if (name === '' || !scanner.take('=')) {
    scanner.at = start;
    return false;
  }
  scanner.skip(' \t');
  const value = scanner.peek() === '"' ? scanner.quoted() : scanner.token();
  if (value === undefined) {
    scanner.at = start;
    return false;
  }
  into.set(name.toLowerCase(), value);
  return true;
}

class Scanner {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  peek(): string {
    return this.#text.charAt(this.at);
  }

  take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    return true;
  }

  skip(characters: string): void {
    while (this.at < this.#text.length && characters.includes(this.peek())) this.at++;
  }

  token(): string {
    const start = this.at;
    while (this.at < this.#text.length && /[A-Za-z0-9!#$%&'*+.^_`|~:/-]/.test(this.peek())) this.at++;
    return this.#text.slice(start, this.at);
  }

  quoted(): string | undefined {
    let value = '';
    for (this.at++; this.at < this.#text.length; this.at++) {
      const character = this.peek();
      if (character === '"') {
        this.at++;
        return value;
      }
      if (character === '\\') this.at++;
      value += this.peek();
    }
    return undefined;
  }
}
