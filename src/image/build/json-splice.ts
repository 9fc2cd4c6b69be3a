import { JsonError, parseJson } from '../../kernel/index.ts';
import { ImageError } from '../errors.ts';
import { type JsonSpan, scanSpans } from './json-spans.ts';

/** Manifests and configs are no larger. */
const limits = { maxBytes: 4 * 1024 * 1024, maxDepth: 64 } as const;

/** A value that can be put into a document. */
export type SpliceValue = string | number | boolean | { readonly [key: string]: SpliceValue } | readonly SpliceValue[];

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Changes a JSON document by replacing and inserting text, so that every other byte stays as it was: unknown fields,
 * order, number spelling, escapes and white space. Edits are collected and applied together by `finish`.
 */
export class JsonSplice {
  readonly root: JsonSpan;
  readonly #bytes: Buffer;
  readonly #edits: Edit[] = [];
  /** Places where something was inserted, so that a second insertion there gets its comma. */
  readonly #grown = new Set<JsonSpan>();

  /** @throws ImageError `unsupported_image` when it is not JSON or over the limits */
  constructor(bytes: Uint8Array) {
    try {
      parseJson(bytes, limits);
    } catch (cause) {
      const why = cause instanceof JsonError ? cause.message : 'it cannot be read';
      throw new ImageError('unsupported_image', `the document cannot be changed: ${why}`, { cause });
    }
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.root = scanSpans(this.#bytes);
  }

  /**
   * A member of an object; undefined when absent.
   * @throws ImageError `unsupported_image` when the object has the key twice, or in another case as well: which one
   *   counts is then up to the reader
   */
  member(object: JsonSpan, key: string): JsonSpan | undefined {
    const same = object.members?.filter((member) => member.key.toLowerCase() === key.toLowerCase()) ?? [];
    if (same.length > 1 || (same.length === 1 && same[0]?.key !== key)) {
      throw new ImageError('unsupported_image', `the key ${JSON.stringify(key)} is ambiguous in the document`);
    }
    return same[0]?.value;
  }

  /** The value of a text; undefined for anything else. */
  text(span: JsonSpan | undefined): string | undefined {
    return span?.kind === 'string' ? (JSON.parse(this.#slice(span.start, span.end)) as string) : undefined;
  }

  /** Whether a value is there and not `null`. */
  isPresent(span: JsonSpan | undefined): span is JsonSpan {
    return span !== undefined && this.#slice(span.start, span.end) !== 'null';
  }

  /** Whether a value is `true`. */
  isTrue(span: JsonSpan | undefined): boolean {
    return span !== undefined && this.#slice(span.start, span.end) === 'true';
  }

  replace(span: JsonSpan, value: SpliceValue): void {
    this.#edits.push({ start: span.start, end: span.end, text: JSON.stringify(value) });
  }

  /** Sets a member of an object, at its place or behind the last one. */
  set(object: JsonSpan, key: string, value: SpliceValue): void {
    this.#mustBe(object, 'object');
    const member = this.member(object, key);
    if (member !== undefined) this.replace(member, value);
    else this.#insert(object, object.members ?? [], `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  }

  /** Adds an item behind the last one. */
  append(array: JsonSpan, value: SpliceValue): void {
    this.#mustBe(array, 'array');
    this.#insert(array, array.items ?? [], JSON.stringify(value));
  }

  /** Takes out items, with the commas that they need no more. */
  removeItems(array: JsonSpan, remove: ReadonlySet<JsonSpan>): void {
    this.#mustBe(array, 'array');
    const items = array.items ?? [];
    const firstKept = items.find((item) => !remove.has(item));
    const [first] = items;
    if (first === undefined) return;
    const end = firstKept === undefined ? (items.at(-1) ?? first).end : firstKept.start;
    if (first.start < end && remove.has(first)) this.#edits.push({ start: first.start, end, text: '' });
    if (firstKept === undefined) return;
    for (let i = items.indexOf(firstKept) + 1; i < items.length; i++) {
      const item = items[i] as JsonSpan;
      if (remove.has(item)) this.#edits.push({ start: (items[i - 1] as JsonSpan).end, end: item.end, text: '' });
    }
  }

  /** The document with all edits; everything outside of them is copied. */
  finish(): Uint8Array {
    const parts: Buffer[] = [];
    let at = 0;
    for (const edit of this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
      if (edit.start < at) throw new ImageError('unsupported_image', 'edits of the document overlap');
      parts.push(this.#bytes.subarray(at, edit.start), Buffer.from(edit.text));
      at = edit.end;
    }
    parts.push(this.#bytes.subarray(at));
    return Buffer.concat(parts);
  }

  /** Repeats the white space in front of the first part, so that an indented document stays one. */
  #insert(container: JsonSpan, parts: readonly { readonly start: number; readonly end: number }[], text: string): void {
    const [first] = parts;
    const last = parts.at(-1);
    if (first === undefined || last === undefined) {
      const comma = this.#grown.has(container) ? ',' : '';
      this.#grown.add(container);
      this.#edits.push({ start: container.start + 1, end: container.start + 1, text: comma + text });
      return;
    }
    const space = this.#slice(container.start + 1, first.start);
    this.#edits.push({ start: last.end, end: last.end, text: `,${space}${text}` });
  }

  #mustBe(span: JsonSpan, kind: JsonSpan['kind']): void {
    if (span.kind === kind) return;
    throw new ImageError('unsupported_image', `the document has a ${span.kind} where an ${kind} must be`);
  }

  #slice(start: number, end: number): string {
    return this.#bytes.toString('utf8', start, end);
  }
}
