import { maskParts } from '../mask.ts';
import type { ContentRule, Found, TextSecret } from './contract.ts';
import { compileRules, WindowScan } from './engine/window-scan.ts';
import { contentRules } from './tokens/list.ts';

/** Longest text that is looked at; those of a config are cut before. */
const maxText = 256 * 1024;
/** Values whose other places in the same text are masked as well. */
const maxRepeated = 100;

interface Range {
  readonly start: number;
  readonly end: number;
}

const compiled = compileRules(contentRules.filter(({ inTexts }) => inTexts));

/** Calls back for everything that the rules find in a text, overlaps included; places are in UTF-16 units. */
export function scanText(
  text: string,
  report: (rule: ContentRule, found: Found, range: { readonly start: number; readonly end: number }) => void,
): void {
  const bytes = bytesOf(text.slice(0, maxText));
  const scan = new WindowScan(compiled, { path: '' }, (rule, found, start) => {
    report(rule, found, { start, end: start + found.end - found.start });
  });
  scan.scan(bytes, 0, bytes.length, bytes.length, 0);
}

/**
 * Secrets in a short text, in order, none inside of another: tokens of known issuers, key material, and values of names that
 * say password, token or secret (`common_cred`), which must look like a value and not like a word or a reference.
 */
export function secretsInText(text: string): readonly TextSecret[] {
  const sure: TextSecret[] = [];
  const guesses: TextSecret[] = [];
  scanText(text, (rule, { key = rule.key, level = rule.level }, range) => {
    (rule.generic ? guesses : sure).push({ rule: key, level, ...range });
  });
  return withoutOverlaps([sure, guesses]);
}

/**
 * The text with every secret masked, other places of the same values too: the form in which instructions and settings
 * of an image are shown.
 */
export function maskSecrets(text: string): string {
  const ranges = rangesOf(text);
  return ranges.length === 0 ? text : maskParts(text, ranges);
}

/** Places of secrets and of their values elsewhere, in order. */
function rangesOf(text: string): readonly Range[] {
  const secrets: readonly Range[] = secretsInText(text);
  if (secrets.length === 0) return [];
  const values = [...new Set(secrets.map(({ start, end }) => text.slice(start, end)))].filter(
    ({ length }) => length > 5,
  );
  const again = values.slice(0, maxRepeated).flatMap((value) => placesOf(text, value));
  return withoutOverlaps([secrets, again]);
}

/**
 * The same for parts of one command, such as arguments: they are read together, because the name of a secret may stand in
 * the argument before its value.
 */
export function maskSecretsOfParts(parts: readonly string[]): readonly string[] {
  const whole = parts.join(' ');
  const secrets = rangesOf(whole);
  let before = 0;
  return parts.map((part) => {
    const end = before + part.length;
    const own = secrets.flatMap((range) => {
      const [from, to] = [Math.max(range.start, before), Math.min(range.end, end)];
      return from < to ? [{ start: from - before, end: to - before }] : [];
    });
    before = end + 1;
    return maskParts(part, own);
  });
}

function placesOf(text: string, value: string): Range[] {
  const places: Range[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
    places.push({ start: at, end: at + value.length });
  }
  return places;
}

/** One byte for each UTF-16 unit, so that places are the same; what is no Latin-1 cannot be part of a secret. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.alloc(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[i] = unit < 0x100 ? unit : 0x1a;
  }
  return bytes;
}

/** In order; ranges of earlier groups win over those of later ones, longer ones over shorter ones. */
function withoutOverlaps<T extends Range>(groups: readonly (readonly T[])[]): T[] {
  let kept: T[] = [];
  for (const group of groups) {
    const before = kept;
    const added: T[] = [];
    let next = 0;
    let end = 0;
    for (const range of group.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
      while (next < before.length && (before[next] as T).end <= range.start) next++;
      const taken = next < before.length && (before[next] as T).start < range.end;
      if (taken || range.start < end) continue;
      added.push(range);
      end = range.end;
    }
    kept = [...before, ...added].sort((a, b) => a.start - b.start);
  }
  return kept;
}
