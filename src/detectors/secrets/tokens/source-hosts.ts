import type { RiskLevel } from '../../contract.ts';
import type { ContentRule } from '../contract.ts';
import { hasBase62Checksum } from '../engine/checksums.ts';
import { patternRule } from '../engine/pattern-rule.ts';
import { assigned } from './assigned.ts';

/** A token whose checksum does not fit was made up or changed: the issuer does not know it. */
const byChecksum = (value: string): RiskLevel => (hasBase62Checksum(value.slice(4)) ? 'high' : 'low');

function github(key: string, prefixes: string, keywords: readonly string[]): ContentRule {
  return patternRule({
    ...{ key, keywords, minEntropy: 3 },
    pattern: new RegExp(`(?<![A-Za-z0-9])(?<value>(?:${prefixes})[A-Za-z0-9]{36})(?![A-Za-z0-9])`, 'g'),
    judge: byChecksum,
  });
}

/** Tokens of places where source code lives. */
export const sourceHostRules: readonly ContentRule[] = [
  github('github_personal_token', 'ghp_', ['ghp_']),
  patternRule({
    ...{ id: 'github_personal_token/fine-grained', key: 'github_personal_token', minEntropy: 3.5 },
    keywords: ['github_pat_'],
    pattern: /(?<![A-Za-z0-9])(?<value>github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?![A-Za-z0-9])/g,
  }),
  github('github_oauth_token', 'gho_', ['gho_']),
  github('github_app_token', 'ghu_|ghs_', ['ghu_', 'ghs_']),
  patternRule({
    ...{ key: 'github_refresh_token', minEntropy: 3 },
    keywords: ['ghr_'],
    pattern: /(?<![A-Za-z0-9])(?<value>ghr_(?:[A-Za-z0-9]{76}|[A-Za-z0-9]{36}))(?![A-Za-z0-9])/g,
    judge: byChecksum,
  }),
  patternRule({
    ...{ key: 'gitLab_personal_token', minEntropy: 3 },
    keywords: ['glpat-'],
    pattern: /(?<![A-Za-z0-9])(?<value>glpat-(?:[\w-]{27,300}\.[0-9a-z]{2}\.[0-9a-z]{9}|[\w-]{20,22}))(?![\w-])/g,
  }),
  patternRule({
    ...{ id: 'atlassian_token/marked', key: 'atlassian_token', after: 400, minEntropy: 3.5 },
    keywords: ['atatt3xff', 'atctt3xff', 'atbb'],
    pattern: /(?<![A-Za-z0-9])(?<value>AT[AC]TT3xFf[\w=-]{60,300}|ATBB[A-Za-z0-9]{32})(?![\w=-])/g,
  }),
  patternRule({
    ...{ id: 'atlassian_token/named', key: 'atlassian_token', level: 'medium', minEntropy: 3 },
    keywords: ['atlassian', 'jira_', 'confluence', 'bitbucket'],
    pattern: assigned(
      '(?:atlassian|jira|confluence|bitbucket)[_.-]?(?:api)?[_.-]?(?:token|key)',
      '(?=[a-z]{0,23}\\d)[a-z0-9]{24}',
    ),
  }),
];
