import type { RiskLevel } from '../../contract.ts';
import { type Place, type PolicyDocument, policyLimits } from './document.ts';

/** Readers of single values: each tells what it wants where it gets something else. */
export type FieldReader<T> = (document: PolicyDocument, value: unknown, place: Place) => T;

/** A mapping that has no other keys than these. @throws BaselinePolicyError naming the key and those that there are */
export function readMapping(
  document: PolicyDocument,
  value: unknown,
  place: Place,
  known?: readonly string[],
): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw document.invalid(place, known ? `write a mapping with the keys ${known.join(', ')}` : 'write a mapping');
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(fields);
  if (keys.length > policyLimits.entries) throw document.invalid(place, `more than ${policyLimits.entries} entries`);
  const other = known && keys.find((key) => !known.includes(key));
  if (other !== undefined) throw document.invalid([...place, other], `no such key; there are ${known?.join(', ')}`);
  return fields;
}

/** A text that is not empty. */
export const readText: FieldReader<string> = (document, value, place) => {
  if (typeof value !== 'string' || value === '') throw document.invalid(place, 'write a text');
  if (value.length > policyLimits.text) throw document.invalid(place, `longer than ${policyLimits.text} characters`);
  return value;
};

/** A list of texts. */
export const readTexts: FieldReader<readonly string[]> = (document, value, place) => {
  if (!Array.isArray(value)) throw document.invalid(place, 'write a list of texts');
  if (value.length > policyLimits.entries) throw document.invalid(place, `more than ${policyLimits.entries} entries`);
  return value.map((item: unknown, index) => readText(document, item, [...place, index]));
};

/** A whole number up to a limit. */
export function numberUpTo(max: number): FieldReader<number> {
  return (document, value, place) => {
    if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > max) {
      throw document.invalid(place, `write a whole number from 0 to ${max}`);
    }
    return value as number;
  };
}

/** `on` and `off`, or true and false: YAML 1.2 takes the former for texts. */
export const readSwitch: FieldReader<boolean> = (document, value, place) => {
  if (value === true || value === 'on') return true;
  if (value === false || value === 'off') return false;
  throw document.invalid(place, 'write on or off');
};

/** A level. */
export const readLevel: FieldReader<RiskLevel> = (document, value, place) => {
  if (value !== 'high' && value !== 'medium' && value !== 'low')
    throw document.invalid(place, 'write high, medium or low');
  return value;
};
