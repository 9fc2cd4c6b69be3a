import type { ContentRule } from '../contract.ts';
import { patternRule } from '../engine/pattern-rule.ts';
import { assigned } from './assigned.ts';

const conversation: readonly ContentRule[] = [
  patternRule({
    ...{ key: 'slack_token', minEntropy: 3 },
    keywords: ['xoxa-', 'xoxb-', 'xoxe-', 'xoxe.', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
    pattern:
      /(?<![A-Za-z0-9])(?<value>xox[aboprs]-(?:\d{1,14}-){1,3}[A-Za-z0-9]{12,64}|xoxe(?:\.xox[bp])?-\d-[A-Za-z0-9]{100,200}|xapp-\d-[A-Z0-9]{8,14}-\d{8,14}-[a-f0-9]{64})(?![A-Za-z0-9-])/g,
  }),
  patternRule({
    ...{ id: 'slack_token/webhook', key: 'slack_token', level: 'medium', minEntropy: 3 },
    keywords: ['hooks.slack.com'],
    pattern:
      /hooks\.slack\.com\/(?:services|workflows)\/(?<value>T[A-Z0-9]{8,12}\/[AB][A-Z0-9]{8,12}\/[A-Za-z0-9]{24})(?![\w/])/g,
  }),
  patternRule({
    ...{ key: 'discord_client_cred', level: 'medium', minEntropy: 3.5, noWords: true },
    keywords: ['discord'],
    pattern: assigned(
      'discord[\\w.-]{0,20}(?:secret|token)',
      '[\\w-]{32}|[MNO][\\w-]{23,25}\\.[\\w-]{6}\\.[\\w-]{27,38}',
    ),
  }),
  patternRule({
    ...{ key: 'messagebird_token', level: 'medium', minEntropy: 3.5, noWords: true },
    keywords: ['messagebird', 'message_bird', 'message-bird'],
    pattern: assigned('message[_-]?bird', '(?=[a-z]{0,24}\\d)[a-z0-9]{25}'),
  }),
];

const mail: readonly ContentRule[] = [
  patternRule({
    ...{ key: 'mailgun_key', minEntropy: 3 },
    keywords: ['mailgun', 'mg_api_key'],
    pattern: /(?<![A-Za-z0-9])(?<value>key-[a-f0-9]{32})(?![A-Za-z0-9])/g,
  }),
  patternRule({
    ...{ key: 'mailgun_private_token', minEntropy: 3 },
    keywords: ['mailgun', 'mg_api_key'],
    pattern: /(?<![A-Za-z0-9])(?<value>[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8})(?![A-Za-z0-9-])/g,
  }),
  patternRule({
    ...{ key: 'mailchimp_api_key', minEntropy: 3 },
    keywords: ['-us1', '-us2', '-us3', '-us4', '-us5', '-us6', '-us7', '-us8', '-us9'],
    pattern: /(?<![A-Za-z0-9])(?<value>[a-f0-9]{32}-us\d{1,2})(?![A-Za-z0-9])/g,
  }),
  patternRule({
    ...{ key: 'sendinblue', minEntropy: 3 },
    keywords: ['xkeysib-', 'xsmtpsib-'],
    pattern: /(?<![A-Za-z0-9])(?<value>x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16})(?![A-Za-z0-9])/g,
  }),
  patternRule({
    ...{ key: 'lob_api_key', minEntropy: 3 },
    keywords: ['lob_', 'lob-', 'lobapi', 'lob.com'],
    pattern: /(?<![A-Za-z0-9])(?<value>(?:live|test)_(?:pub_)?[a-f0-9]{35})(?![A-Za-z0-9])/g,
    judge: (value) => (value.startsWith('test_') ? 'low' : 'high'),
  }),
];

const money: readonly ContentRule[] = [
  patternRule({
    ...{ key: 'stripe_skpk', minEntropy: 3 },
    keywords: ['k_live_', 'k_test_'],
    pattern: /(?<![A-Za-z0-9])(?<value>(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,120})(?![A-Za-z0-9])/g,
    // Keys of the test mode move no money, and the publishable key is meant to be seen.
    judge: (value) => (value.includes('_test_') || value.startsWith('pk_') ? 'low' : 'high'),
  }),
  patternRule({
    ...{ key: 'square_oauth', minEntropy: 3 },
    keywords: ['sq0csp-'],
    pattern: /(?<![A-Za-z0-9])(?<value>sq0csp-[\w-]{43})(?![\w-])/g,
  }),
  patternRule({
    ...{ key: 'square_token', minEntropy: 3 },
    keywords: ['sq0atp-'],
    pattern: /(?<![A-Za-z0-9])(?<value>sq0atp-[\w-]{22})(?![\w-])/g,
  }),
  patternRule({
    ...{ id: 'square_token/new', key: 'square_token', minEntropy: 3.5 },
    keywords: ['square'],
    pattern: assigned('square[\\w.-]{0,20}token', 'EAAA[\\w-]{60}'),
  }),
  patternRule({
    ...{ key: 'finicity_token', level: 'medium', minEntropy: 3 },
    keywords: ['finicity'],
    pattern: assigned('finicity[\\w.-]{0,20}(?:key|secret|token)', '[a-f0-9]{32}|(?=[a-z]{0,19}\\d)[a-z0-9]{20}'),
  }),
];

const work: readonly ContentRule[] = [
  patternRule({
    ...{ key: 'typeform_token', minEntropy: 3 },
    keywords: ['tfp_'],
    pattern: /(?<![A-Za-z0-9])(?<value>tfp_[\w.=-]{40,59})(?![\w.=-])/g,
  }),
  patternRule({
    ...{ key: 'asana_client_private_key', level: 'medium', minEntropy: 3 },
    keywords: ['asana'],
    pattern: assigned(
      'asana[\\w.-]{0,20}(?:secret|token|key)',
      '[a-f0-9]{32}|[12]/\\d{12,20}(?::|/\\d{10,20}:)[a-f0-9]{32}',
    ),
  }),
  patternRule({
    ...{ key: 'contentful_preview_token', level: 'medium', minEntropy: 3.5, noWords: true },
    keywords: ['contentful'],
    pattern: assigned('contentful[\\w.-]{0,20}preview[\\w.-]{0,20}(?:token|key)', '[\\w-]{43}'),
  }),
  patternRule({
    ...{ key: 'contentful_delivery_token', level: 'medium', minEntropy: 3.5, noWords: true },
    keywords: ['contentful', 'cfpat-'],
    pattern: assigned('contentful(?:(?!preview)[\\w.-]){0,40}(?:token|key)', '(?:CFPAT-)?[\\w-]{43}'),
  }),
  patternRule({
    ...{ key: 'salesforce', level: 'medium', minEntropy: 3.5 },
    keywords: ['salesforce', 'sfdc', 'sfdx', 'force://', 'force.com', '5aep861'],
    pattern:
      /(?<![A-Za-z0-9])(?<value>00D[A-Za-z0-9]{12,15}![\w.]{80,120}|force:\/\/[\w.-]{1,80}:[\w.-]{0,80}:5Aep861[\w.]{60,100}@)(?![\w.])/g,
  }),
];

/** Tokens of services that applications use. */
export const serviceRules: readonly ContentRule[] = [...conversation, ...mail, ...money, ...work];
