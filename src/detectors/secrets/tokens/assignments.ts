import type { ContentRule } from '../contract.ts';
import { type PatternRule, patternRule } from '../engine/pattern-rule.ts';
import { isCredentialFile } from './credential-files.ts';

const keywords = [
  ...['password', 'passwd', 'passphrase', 'secret', 'token', 'apikey', 'api_key', 'api-key', 'access_key', 'accesskey'],
  ...['private_key', 'privatekey', 'credential', 'encryption_key', 'encryptionkey', 'signing_key', '_pwd'],
  ...['_pass', 'pass=', '--pass', 'auth_key'],
];

const name =
  '(?:password|passwd|passphrase|secret|token|api[_-]?key|access_?key|private_?key|credentials?|encryption_?key|signing_key|_pwd|db_pass|(?<![a-z])pass(?![a-z])|auth_key)';

/** Rest of a name that says something about a secret instead of holding one: `TOKEN_TTL`, `PASSWORD_FILE`. */
const about =
  '(?![\\w.-]{0,30}(?:files?|path|dir|url|uri|name|length|len|min|max|ttl|expir\\w{0,6}|endpoint|host|checksum|sha\\d{1,3}|policy|algo\\w{0,8}|type|field|prefix|suffix|enabled|required|timeout|size|count|header|version|issuer|_ids?|ref|provider|class|method|format|mode|seconds|hours|days)["\'\\s=:>])';

const secretName = new RegExp(`${name}${about}`, 'i');

/** Whether a name announces a secret (`DB_PASSWORD`); public ids such as `GPG_KEY` and `AWS_ACCESS_KEY_ID` do not. */
export function namesSecret(text: string): boolean {
  return secretName.test(`${text}=`);
}

/** In quotes with whatever is between, or up to the next blank or mark of a notation. */
const value = '["\']?(?<value>(?<=["\'])[^"\'\\r\\n]{6,200}(?=["\'])|[^\\s"\'`,;<>(){}\\[\\]&|]{6,200})';

const pattern = new RegExp(`${name}${about}[\\w.-]{0,30}["'\\]]{0,2}\\s{0,3}(?:=>|:=|[=:])\\s{0,3}${value}`, 'gi');

/** `--password value`, and the old form of an instruction, `ENV PASSWORD value`. */
const argument = new RegExp(`(?:--|\\bENV\\s{1,3})[\\w.-]{0,40}?${name}${about}[\\w-]{0,30}\\s{1,3}${value}`, 'gi');

/** Public by their nature or by custom though their names say otherwise. */
const publicValues =
  /^(pk_|-----BEGIN (PUBLIC|CERT)|ssh-(rsa|ed25519) |https?:\/\/[^@]*$|[\w./-]+\.(pem|key|crt|txt|json|ya?ml)$|\/[\w./-]+$|--?\w)/i;

const shared: Omit<PatternRule, 'pattern'> = {
  ...{ key: 'common_cred', level: 'medium', generic: true, noWords: true, allow: publicValues },
  ...{ keywords, minEntropy: 2.5, paths: isCredentialFile },
};

const schemes =
  'postgres(?:ql)?|mysql|mariadb|mongodb(?:\\+srv)?|redis|rediss|amqps?|mssql|sqlserver|oracle|clickhouse|cockroachdb';

function addressPattern(scheme: string): RegExp {
  return new RegExp(`(?<![\\w+])(?:${scheme})://[^\\s:/@"'<>]{0,100}:(?<value>[^\\s:/@"'<>{}$]{3,100})@[\\w.-]`, 'gi');
}

/** Credentials in addresses: `scheme://user:password@host`. */
function addressRule(id: string, key: string, scheme: string, words: readonly string[]): ContentRule {
  return patternRule({
    ...{ id, key, level: 'medium', generic: true, keywords: words, before: 16, after: 400, paths: isCredentialFile },
    pattern: addressPattern(scheme),
  });
}

/** Guesses by name: only in files of settings, and in texts of the image's own config. */
export const assignmentRules: readonly ContentRule[] = [
  patternRule({ ...shared, id: 'common_cred/assigned', pattern }),
  patternRule({ ...shared, id: 'common_cred/argument', pattern: argument }),
  addressRule('common_database_cfg/address', 'common_database_cfg', schemes, [
    'sql://',
    'mariadb://',
    'mongodb',
    'redis',
    'amqp',
    'postgres://',
    'sqlserver://',
    'oracle://',
    'clickhouse://',
    'cockroachdb://',
  ]),
  addressRule('common_cred/address', 'common_cred', 'https?|ftps?|sftp|ssh|git|smtps?|imaps?|ldaps?', [
    'http://',
    'https://',
    'ftp://',
    'ftps://',
    'ssh://',
    'git://',
    'smtp',
    'imap',
    'ldap',
  ]),
];

/** Off unless asked for (risks.md §4.6): the same names and addresses in every text file. */
export const noisyRules: readonly ContentRule[] = [
  patternRule({
    ...{ id: 'generic_api_key', key: 'generic_api_key', level: 'low', generic: true, inTexts: false },
    ...{ noWords: true, allow: publicValues, keywords, pattern, minEntropy: 3.2 },
  }),
  patternRule({
    ...{ id: 'url_credentials', key: 'url_credentials', level: 'low', generic: true, inTexts: false },
    ...{ keywords: ['http://', 'https://', 'ftp://', 'ftps://', 'sql://'], before: 16, after: 400 },
    pattern: addressPattern('https?|ftps?|[a-z]{2,12}sql'),
  }),
];
