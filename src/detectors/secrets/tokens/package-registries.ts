import type { ContentRule } from '../contract.ts';
import { hasBase62Checksum } from '../engine/checksums.ts';
import { patternRule } from '../engine/pattern-rule.ts';

/** Tokens with which packages are published. */
export const packageRegistryRules: readonly ContentRule[] = [
  patternRule({
    ...{ key: 'npm_token', minEntropy: 3 },
    keywords: ['npm_'],
    pattern: /(?<![A-Za-z0-9])(?<value>npm_[A-Za-z0-9]{36})(?![A-Za-z0-9_])/g,
    judge: (value) => (hasBase62Checksum(value.slice(4)) ? 'high' : 'low'),
  }),
  patternRule({
    id: 'npm_token/npmrc',
    key: 'npm_token',
    keywords: ['_authtoken', ':_auth', '_password'],
    pattern: /(?:_authToken|:_auth|:_password)["']?\s{0,3}[=:]\s{0,3}["']?(?<value>[\w+/=.-]{16,300})(?![\w+/=.-])/gi,
    minEntropy: 3,
    after: 400,
  }),
  patternRule({
    ...{ key: 'pypi_token', after: 400, minEntropy: 3.5 },
    keywords: ['pypi-age'],
    pattern: /(?<![A-Za-z0-9])(?<value>pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[\w-]{50,300})(?![\w-])/g,
    judge: (value) => (value.includes('NdGVzdC5weXBpLm9yZw') ? 'low' : 'high'),
  }),
  patternRule({
    ...{ key: 'rubygem', minEntropy: 3 },
    keywords: ['rubygems_'],
    pattern: /(?<![A-Za-z0-9])(?<value>rubygems_[a-f0-9]{48})(?![A-Za-z0-9])/g,
  }),
  patternRule({
    ...{ key: 'clojars_token', minEntropy: 3 },
    keywords: ['clojars_'],
    pattern: /(?<![A-Za-z0-9])(?<value>CLOJARS_[a-z0-9]{60})(?![A-Za-z0-9])/gi,
  }),
];
