import type { ContentRule } from '../contract.ts';
import { hasHexChecksum } from '../engine/checksums.ts';
import { patternRule } from '../engine/pattern-rule.ts';
import { assigned, uuid } from './assigned.ts';

const automation: readonly ContentRule[] = [
  patternRule({
    ...{ key: 'hashicorp_terraform_token', minEntropy: 3.5 },
    keywords: ['.atlasv1.'],
    pattern: /(?<![A-Za-z0-9])(?<value>[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70})(?![\w=-])/g,
  }),
  patternRule({
    ...{ key: 'hashicorp_vault_token', minEntropy: 3.5, after: 400 },
    keywords: ['hvs.', 'hvb.', 'hvr.'],
    pattern: /(?<![A-Za-z0-9])(?<value>hv[sbr]\.[\w-]{24,300})(?![\w-])/g,
    noWords: true,
  }),
  patternRule({
    ...{ id: 'hashicorp_vault_token/old', key: 'hashicorp_vault_token', minEntropy: 3.5, noWords: true },
    keywords: ['vault_token', 'vault-token'],
    pattern: assigned('vault[_-]token', 's\\.[A-Za-z0-9]{24}'),
  }),
  patternRule({
    ...{ key: 'pulumi_token', minEntropy: 3 },
    keywords: ['pul-'],
    pattern: /(?<![A-Za-z0-9])(?<value>pul-[a-f0-9]{40})(?![A-Za-z0-9])/g,
  }),
  patternRule({
    ...{ key: 'databricks_token', minEntropy: 3 },
    keywords: ['dapi'],
    pattern: /(?<![A-Za-z0-9])(?<value>dapi[a-f0-9]{32}(?:-\d)?)(?![A-Za-z0-9])/g,
  }),
  patternRule({
    ...{ key: 'heroku_api_key', level: 'medium', minEntropy: 3 },
    keywords: ['heroku'],
    pattern: assigned('heroku', uuid),
  }),
  patternRule({
    ...{ id: 'heroku_api_key/marked', key: 'heroku_api_key', minEntropy: 3 },
    keywords: ['hrku-'],
    pattern: /(?<![A-Za-z0-9])(?<value>HRKU-(?:AA[\w-]{58}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))(?![\w-])/g,
  }),
];

const observation: readonly ContentRule[] = [
  patternRule({
    ...{ key: 'dynatrace_token', minEntropy: 3.5 },
    keywords: ['dt0c01.', 'dt0s01.', 'dt0s16.'],
    pattern: /(?<![A-Za-z0-9])(?<value>dt0[a-z]\d{2}\.[A-Z2-7]{24}\.[A-Z2-7]{64})(?![A-Za-z0-9])/g,
  }),
  patternRule({
    ...{ key: 'grafana_token', minEntropy: 3 },
    keywords: ['glsa_'],
    pattern: /(?<![A-Za-z0-9])(?<value>glsa_[A-Za-z0-9]{32}_[a-f0-9]{8})(?![A-Za-z0-9])/g,
    judge: (value) => (hasHexChecksum(value) ? 'high' : 'low'),
  }),
  patternRule({
    ...{ id: 'grafana_token/cloud', key: 'grafana_token', minEntropy: 3.5, after: 500 },
    keywords: ['glc_', 'eyjrijoi'],
    pattern:
      /(?<![A-Za-z0-9])(?<value>glc_eyJ[A-Za-z0-9+/=]{40,400}|eyJrIjoi[A-Za-z0-9+/=]{70,400})(?![A-Za-z0-9+/=])/g,
  }),
  patternRule({
    ...{ key: 'newrelic_api_key', minEntropy: 3 },
    keywords: ['nrak-', 'nrii-', 'nrra-'],
    pattern: /(?<![A-Za-z0-9])(?<value>NRAK-[A-Z0-9]{27}|NRII-[\w-]{32}|NRRA-[a-f0-9]{42})(?![\w-])/g,
  }),
];

const delivery: readonly ContentRule[] = [
  patternRule({
    ...{ key: 'fastly_cdn_token', level: 'medium', minEntropy: 3.5, noWords: true },
    keywords: ['fastly'],
    pattern: assigned('fastly[_.-]?(?:api|cdn|access)?[_.-]?(?:key|token)', '(?=[^\\d]{0,31}\\d)[\\w-]{32}'),
  }),
  patternRule({
    ...{ key: 'planetscale_passwd', minEntropy: 3 },
    keywords: ['pscale_pw_'],
    pattern: /(?<![A-Za-z0-9])(?<value>pscale_pw_[\w.=-]{32,64})(?![\w.=-])/g,
  }),
  patternRule({
    ...{ key: 'planetscale_token', minEntropy: 3 },
    keywords: ['pscale_tkn_', 'pscale_oauth_'],
    pattern: /(?<![A-Za-z0-9])(?<value>pscale_(?:tkn|oauth)_[\w.=-]{32,64})(?![\w.=-])/g,
  }),
];

/** Tokens of services that build, run and watch systems. */
export const infrastructureRules: readonly ContentRule[] = [...automation, ...observation, ...delivery];
