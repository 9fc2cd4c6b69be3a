import { type BaselineSettings, defaultBaselineSettings } from '../settings.ts';
import type { Place, PolicyDocument } from './document.ts';
import { type FieldReader, numberUpTo, readMapping, readSwitch, readTexts } from './fields.ts';

type Passwords = BaselineSettings['passwords'];

/** What may be asked for at most. */
const most = { days: 36_500, perAccount: 10_000, accounts: 1000, seconds: 600 } as const;

const passwordFields: { readonly [K in keyof Passwords]: FieldReader<Passwords[K]> } = {
  enabled: readSwitch,
  words: readTexts,
  perAccount: numberUpTo(most.perAccount),
  accounts: numberUpTo(most.accounts),
  seconds: numberUpTo(most.seconds),
};

const readPasswords: FieldReader<Passwords> = (document, value, place) => {
  const given = readMapping(document, value, place, Object.keys(passwordFields));
  return { ...defaultBaselineSettings.passwords, ...readFields(document, given, passwordFields, place) };
};

/** Levels are read with the checks that they belong to. */
type Plain = Omit<BaselineSettings, 'levels'>;

const fields: { readonly [K in keyof Plain]: FieldReader<Plain[K]> } = {
  approvedBases: readTexts,
  staleDays: numberUpTo(most.days),
  forbiddenPackages: readTexts,
  trustedRepositories: readTexts,
  allowedSetuid: readTexts,
  trustedCertificates: readTexts,
  passwords: readPasswords,
};

/** Keys of a policy file that are settings. */
export const settingsKeys: readonly string[] = Object.keys(fields);

/** The settings that a file gives; the others are the defaults. @throws BaselinePolicyError */
export function readSettings(document: PolicyDocument, given: Readonly<Record<string, unknown>>): Plain {
  const { levels: _, ...defaults } = defaultBaselineSettings;
  return { ...defaults, ...readFields(document, given, fields, []) };
}

function readFields<T extends object>(
  document: PolicyDocument,
  given: Readonly<Record<string, unknown>>,
  readers: { readonly [K in keyof T]: FieldReader<T[K]> },
  place: Place,
): Partial<T> {
  const read: Partial<T> = {};
  for (const key of Object.keys(readers) as (keyof T & string)[]) {
    if (given[key] !== undefined) read[key] = readers[key](document, given[key], [...place, key]);
  }
  return read;
}
