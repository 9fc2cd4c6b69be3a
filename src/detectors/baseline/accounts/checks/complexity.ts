import type { PamFacts } from '../../access/pam/pam-file.ts';
import { pamFiles } from '../../access/pam/pam-stack.ts';
import type { CheckContext, ReadFile } from '../../contract.ts';
import { pwqualityReader } from '../files/pwquality.ts';

/** What is asked of a new password. The names and their order are stable: reports are read by them. */
export interface Complexity {
  readonly min_length: boolean;
  readonly uppercase_letter: boolean;
  readonly lowercase_letter: boolean;
  readonly number: boolean;
  readonly special_character: boolean;
}

/** Shortest password that counts as long enough. */
const minLength = 8;
const nothing: Complexity = {
  ...{ min_length: false, uppercase_letter: false, lowercase_letter: false, number: false, special_character: false },
};

/** `min_length=yes uppercase_letter=no lowercase_letter=no number=no special_character=no`. */
export function complexityText(rules: Complexity): string {
  return Object.entries(rules)
    .map(([name, asked]) => `${name}=${asked ? 'yes' : 'no'}`)
    .join(' ');
}

/** What PAM asks of new passwords, by the first module of a password stack that judges them; nothing without one. */
export function complexityOf(context: CheckContext): {
  readonly rules: Complexity;
  readonly module?: string;
  readonly place?: ReadFile<PamFacts>;
} {
  for (const { place } of pamFiles(context)) {
    for (const rule of place.facts?.rules ?? []) {
      if (rule.kind !== 'module' || rule.type !== 'password') continue;
      const { module, args } = rule;
      if (module === 'pam_pwquality')
        return { rules: ofCredits(8, { ...configured(context), ...numbersOf(args) }), module, place };
      if (module === 'pam_cracklib') return { rules: ofCredits(9, numbersOf(args)), module, place };
      if (module === 'pam_passwdqc') return { rules: ofPasswdqc(args), module, place };
    }
  }
  return { rules: nothing };
}

/** Settings of pwquality.conf; the files beside it are read first, so that its own lines count. */
function configured(context: CheckContext): Readonly<Record<string, number>> {
  const folder = 'etc/security/pwquality.conf.d';
  const paths = context.view.children(folder).map((name) => `${folder}/${name}`);
  const files = [...paths, 'etc/security/pwquality.conf'].map(
    (path) => context.file(pwqualityReader, path)?.facts?.values,
  );
  return Object.assign({}, ...files);
}

function numbersOf(args: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    args.flatMap((arg) => {
      const parts = /^(?<name>[a-z]+)=(?<number>-?\d{1,6})$/.exec(arg)?.groups;
      return parts === undefined ? [] : [[parts.name ?? '', Number(parts.number)]];
    }),
  );
}

/** A negative credit demands so many characters of its class; `minclass` demands classes without naming them. */
function ofCredits(usualLength: number, values: Readonly<Record<string, number>>): Complexity {
  const all = (values.minclass ?? 0) >= 4;
  const demanded = (name: string): boolean => all || (values[name] ?? 0) < 0;
  return {
    min_length: (values.minlen ?? usualLength) >= minLength,
    uppercase_letter: demanded('ucredit'),
    lowercase_letter: demanded('lcredit'),
    number: demanded('dcredit'),
    special_character: demanded('ocredit'),
  };
}

/** `min=N0,N1,N2,N3,N4`: shortest password of one class, of two, a phrase, of three, of four classes. */
function ofPasswdqc(args: readonly string[]): Complexity {
  const given = args.findLast((arg) => arg.startsWith('min='))?.slice(4) ?? 'disabled,24,11,8,7';
  const lengths = given.split(',').map((length) => (length === 'disabled' ? Number.POSITIVE_INFINITY : Number(length)));
  const four = lengths.slice(0, 4).every((length) => length === Number.POSITIVE_INFINITY);
  const long = lengths.length === 5 && lengths.every((length) => length >= minLength);
  return { min_length: long, uppercase_letter: four, lowercase_letter: four, number: four, special_character: four };
}
