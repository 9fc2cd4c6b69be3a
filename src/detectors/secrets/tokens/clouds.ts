import type { RiskLevel } from '../../contract.ts';
import type { ContentRule } from '../contract.ts';
import { patternRule } from '../engine/pattern-rule.ts';
import { assigned } from './assigned.ts';
import { isPublishedSample } from './samples.ts';

const sampleIsLow = (value: string): RiskLevel => (isPublishedSample(value) ? 'low' : 'high');

/** Five lines of a configuration file. */
const near = 512;

const amazon: readonly ContentRule[] = [
  patternRule({
    ...{ id: 'aws_access_key/id', key: 'aws_access_key', level: 'medium', before: near, after: near },
    keywords: ['akia', 'asia', 'abia', 'acca'],
    pattern: /(?<![A-Za-z0-9/+])(?<value>(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})(?![A-Za-z0-9/+])/g,
    keepSamples: isPublishedSample,
    minEntropy: 3,
    judge: (value) => (isPublishedSample(value) ? 'low' : 'medium'),
    companion:
      /(?<![A-Za-z0-9/+=])(?=[A-Za-z/+]{0,39}\d)(?=[^a-z]{0,39}[a-z])(?=[^A-Z]{0,39}[A-Z])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g,
  }),
  patternRule({
    ...{ id: 'aws_access_key/secret', key: 'aws_access_key', minEntropy: 3.8 },
    keywords: ['secret_access_key', 'secretaccesskey', 'aws_secret', 'awssecret', 'aws-secret', 'secret-access-key'],
    pattern: assigned('secret[_-]?access[_-]?key|aws[_-]?secret', '[A-Za-z0-9/+]{40}(?![/+=])'),
    keepSamples: isPublishedSample,
    judge: sampleIsLow,
  }),
  patternRule({
    ...{ key: 'aws_session_token', after: 2200, minEntropy: 4 },
    keywords: ['session_token', 'sessiontoken', 'session-token'],
    pattern: assigned('session[_-]?token', '(?:FwoG|IQoJ|AQoD|FQoG)[A-Za-z0-9/+=]{96,2000}'),
  }),
  patternRule({
    key: 'amazon_mws_token',
    keywords: ['amzn.mws.'],
    pattern: /(?<value>amzn\.mws\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![\w-])/gi,
  }),
];

const chinese: readonly ContentRule[] = [
  patternRule({
    ...{ key: 'ak_leak', level: 'medium', before: near, after: near, minEntropy: 3 },
    keywords: ['ltai'],
    pattern: /(?<![A-Za-z0-9])(?<value>LTAI[A-Za-z0-9]{12,20})(?![A-Za-z0-9])/g,
    companion: /(?<![A-Za-z0-9])(?=[A-Za-z]{0,29}\d)[A-Za-z0-9]{30}(?![A-Za-z0-9])/g,
  }),
  patternRule({
    ...{ key: 'tencentcloud_ak', level: 'medium', before: near, after: near, minEntropy: 3 },
    keywords: ['akid'],
    pattern: /(?<![A-Za-z0-9])(?<value>AKID[A-Za-z0-9]{13,40})(?![A-Za-z0-9])/g,
    companion: /(?<![A-Za-z0-9])(?=[A-Za-z]{0,31}\d)[A-Za-z0-9]{32}(?![A-Za-z0-9])/g,
  }),
  patternRule({
    // The id has no mark, so it counts only with its secret beside it.
    ...{ key: 'huaweicloud_ak', before: near, after: near, minEntropy: 3.5 },
    keywords: [
      'huaweicloud',
      'hw_access_key',
      'hw_secret_key',
      'obs_access',
      'obs_secret',
      'myhuaweicloud',
      'huawei_cloud',
    ],
    pattern:
      /(?:secret[_-]?(?:access[_-]?)?key|(?<![A-Za-z0-9])sk)["'\]]{0,2}[\s"'`=:>,(]{1,8}(?<value>[A-Za-z0-9]{40})(?![A-Za-z0-9])/gi,
    judge: (_, window) => (/(?<![A-Za-z0-9])[A-Z0-9]{20}(?![A-Za-z0-9])/.test(window) ? 'high' : null),
  }),
];

const google: readonly ContentRule[] = [
  patternRule({
    ...{ id: 'googlecloud_api_key/key', key: 'googlecloud_api_key', level: 'medium', minEntropy: 3.5 },
    keywords: ['aiza'],
    pattern: /(?<![\w-])(?<value>AIza[\w-]{35})(?![\w-])/g,
  }),
  patternRule({
    ...{ key: 'google_oauth_key', minEntropy: 3 },
    keywords: ['gocspx-'],
    pattern: /(?<![\w-])(?<value>GOCSPX-[\w-]{28})(?![\w-])/g,
  }),
  patternRule({
    ...{ key: 'google_oauth_token', after: 600, minEntropy: 3.5 },
    keywords: ['ya29.', '1//0'],
    pattern: /(?<![\w./-])(?<value>ya29\.[\w-]{40,500}|1\/\/0[A-Za-z0-9][\w-]{40,200})(?![\w-])/g,
  }),
];

/** Keys of cloud accounts (risks.md §4.8). */
export const cloudRules: readonly ContentRule[] = [...amazon, ...chinese, ...google];
