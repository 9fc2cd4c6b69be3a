import type { FieldTest, Filter } from '../contract.ts';
import { QueryError } from '../errors.ts';
import { type FieldInfo, fieldNamed } from './fields.ts';
import { checkFilter, checkTest, filterLimits, normaliseFilter, unknownField } from './normalise.ts';

/** One value as written: exact, `text*` or `*text*`. */
interface Value {
  readonly text: string;
  readonly op: 'in' | 'prefix' | 'contains';
  readonly position: number;
}

const isBlank = (char: string): boolean => char <= ' ' || char === '\u00a0';
/** Ends a value that is not quoted. */
const isStop = (char: string): boolean => isBlank(char) || char === ',' || char === '"' || char === '(' || char === ')';

/**
 * Reads the text form of a filter in one pass, normalised. Blank text is the filter that everything passes.
 * @throws QueryError with the offset where the text goes wrong
 */
export function parseFilter(text: string): Filter {
  if (text.length > filterLimits.text) {
    throw new QueryError('filter_limit', `a filter has at most ${filterLimits.text} characters`, { position: 0 });
  }
  const filter = normaliseFilter(new FilterParser(text).all());
  checkFilter(filter);
  return filter;
}

class FilterParser {
  readonly #text: string;
  #at = 0;
  #nodes = 0;
  #values = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): Filter {
    const filter = this.#alternatives(0);
    if (this.#at < this.#text.length) throw this.#wrong('this bracket closes nothing');
    return filter;
  }

  /** Runs of terms separated by `or`, up to a closing bracket or the end. */
  #alternatives(depth: number): Filter {
    if (depth > filterLimits.depth) throw this.#limit('the filter is nested too deeply');
    const runs: Filter[][] = [[]];
    for (this.#skipBlanks(); this.#at < this.#text.length && this.#char() !== ')'; this.#skipBlanks()) {
      if (this.#isOr()) {
        if (runs.at(-1)?.length === 0) throw this.#wrong('nothing stands before this "or"');
        this.#at += 2;
        runs.push([]);
      } else {
        runs.at(-1)?.push(this.#term(depth));
      }
    }
    if (runs.length > 1 && runs.at(-1)?.length === 0) throw this.#wrong('nothing stands behind "or"');
    const parts = runs.map((run): Filter => ({ and: run }));
    return parts.length === 1 ? (parts[0] as Filter) : { or: parts };
  }

  #term(depth: number): Filter {
    if (++this.#nodes > filterLimits.nodes) throw this.#limit(`more than ${filterLimits.nodes} tests`);
    // A loop, because a row of ten thousand signs must not be as many calls.
    let negated = false;
    for (; this.#char() === '-'; this.#at++) negated = !negated;
    const inner = this.#char() === '(' ? this.#bracket(depth) : this.#test();
    return negated ? { not: inner } : inner;
  }

  #bracket(depth: number): Filter {
    const open = this.#at++;
    const filter = this.#alternatives(depth + 1);
    if (this.#char() !== ')') throw this.#wrong('this bracket is never closed', open);
    this.#at++;
    return filter;
  }

  #test(): Filter {
    const start = this.#at;
    while (/[A-Za-z.]/.test(this.#char())) this.#at++;
    const name = this.#text.slice(start, this.#at);
    const operator = this.#operator();
    if (name === '' || operator === '') {
      this.#at = start;
      throw this.#wrong('here a test is expected', start, 'Write tests as field:value, for example severity:high.');
    }
    const field = fieldNamed(name);
    if (field === undefined) throw unknownField(name, start);
    const values = this.#list();
    const tests =
      field.type === 'text'
        ? this.#textTests(field, operator, values, start)
        : [field.type === 'flag' ? flagTest(field, operator, values) : numberTest(field, operator, values)];
    for (const test of tests) checkTest(test, start);
    return tests.length === 1 ? (tests[0] as Filter) : { or: tests };
  }

  #operator(): string {
    const operator = /^(?:>=|<=|:|=|>|<)/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0] ?? '';
    this.#at += operator.length;
    if (operator === '>' || operator === '<') {
      throw this.#wrong(`"${operator}" is not known`, this.#at - 1, `Write ${operator}= instead.`);
    }
    return operator;
  }

  #textTests(field: FieldInfo, operator: string, values: readonly Value[], start: number): FieldTest[] {
    if (operator === '>=' || operator === '<=') throw this.#wrong(`${field.name} is a text and has no order`, start);
    return (['in', 'prefix', 'contains'] as const).flatMap((op) => {
      const own = values.filter((value) => value.op === op).map(({ text }) => text);
      return own.length === 0 ? [] : [{ field: field.name, op, values: own } as FieldTest];
    });
  }

  #list(): Value[] {
    const values = [this.#value()];
    while (this.#char() === ',') {
      this.#at++;
      values.push(this.#value());
      if (++this.#values > filterLimits.values) throw this.#limit(`more than ${filterLimits.values} values`);
    }
    return values;
  }

  #value(): Value {
    const position = this.#at;
    if (this.#char() === '"') return this.#ended(this.#quoted(), position, false);
    if (this.#char() === '*' && this.#text[this.#at + 1] === '"') {
      this.#at++;
      return this.#ended(this.#quoted(), position, true);
    }
    while (this.#at < this.#text.length && !isStop(this.#char())) this.#at++;
    const raw = this.#text.slice(position, this.#at);
    if (raw === '') throw this.#wrong('here a value is expected', position, 'An empty value is written "".');
    const leading = raw.startsWith('*');
    const trailing = raw.length > 1 && raw.endsWith('*');
    const text = raw.slice(leading ? 1 : 0, trailing ? -1 : undefined);
    if (text.includes('*') || (leading && !trailing && raw !== '*')) {
      const hint = 'Only text* (begins with) and *text* (contains) are known; quote a star that is meant: "a*b".';
      throw this.#wrong('a star stands where none can', position, hint);
    }
    if (raw === '*') return { text: '', op: 'prefix', position };
    return { text, op: leading ? 'contains' : trailing ? 'prefix' : 'in', position };
  }

  #ended(text: string, position: number, leading: boolean): Value {
    const trailing = this.#char() === '*';
    if (trailing) this.#at++;
    if (leading && !trailing) throw this.#wrong('a star stands where none can', position);
    if (this.#at < this.#text.length && !isBlank(this.#char()) && this.#char() !== ',' && this.#char() !== ')') {
      throw this.#wrong('behind a quoted value there is a blank or a comma');
    }
    return { text, op: leading ? 'contains' : trailing ? 'prefix' : 'in', position };
  }

  #quoted(): string {
    const open = this.#at++;
    const parts: string[] = [];
    let from = this.#at;
    for (; this.#char() !== '"'; this.#at++) {
      if (this.#at >= this.#text.length) throw this.#wrong('this quote is never closed', open);
      if (this.#char() !== '\\') continue;
      parts.push(this.#text.slice(from, this.#at));
      from = ++this.#at;
    }
    parts.push(this.#text.slice(from, this.#at++));
    return parts.join('');
  }

  #isOr(): boolean {
    if (this.#text.slice(this.#at, this.#at + 2).toLowerCase() !== 'or') return false;
    const next = this.#text[this.#at + 2];
    return next === undefined || isBlank(next) || next === '(' || next === ')';
  }

  #skipBlanks(): void {
    while (this.#at < this.#text.length && isBlank(this.#char())) this.#at++;
  }

  #char(): string {
    return this.#text[this.#at] ?? '';
  }

  #wrong(message: string, position = this.#at, hint?: string): QueryError {
    return new QueryError('filter_syntax', message, { position, ...(hint !== undefined && { hint }) });
  }

  #limit(message: string): QueryError {
    return new QueryError('filter_limit', message, { position: this.#at });
  }
}

function flagTest(field: FieldInfo, operator: string, values: readonly Value[]): FieldTest {
  const [value] = values;
  if (values.length !== 1 || operator.length !== 1 || (value?.text !== 'true' && value?.text !== 'false')) {
    throw new QueryError('filter_value', `${field.name} is true or false`, { position: value?.position ?? -1 });
  }
  return { field: field.name, op: 'is', value: value.text === 'true' } as FieldTest;
}

function numberTest(field: FieldInfo, operator: string, values: readonly Value[]): FieldTest {
  const numbers = values.map((value) => toNumber(field, value));
  const op = operator === '>=' ? 'ge' : operator === '<=' ? 'le' : 'in';
  return { field: field.name, op, values: numbers } as FieldTest;
}

function toNumber(field: FieldInfo, value: Value): number {
  const { text, op, position } = value;
  if (op === 'in' && /^-?\d{1,25}(?:\.\d{1,25})?(?:e[+-]?\d{1,3})?$/.test(text)) return Number(text);
  if (op === 'in' && field.type === 'time' && /^\d{4}-\d\d-\d\d(?:T[\d:.]{5,15}Z)?$/.test(text)) {
    const time = Date.parse(text);
    if (!Number.isNaN(time)) return time;
  }
  const hint = field.type === 'time' ? 'Write 2026-01-31, 2026-01-31T12:00:00Z or milliseconds since 1970.' : undefined;
  throw new QueryError('filter_value', `"${text.slice(0, 80)}" is no number`, { position, ...(hint && { hint }) });
}
