import { base32, hex, lower, made, madeUuid, upper } from './made.ts';
import type { Example } from './examples.ts';

/** A part of a mark and the rest: apart, so that no scanner of this repository takes the value for a real one. */
const t = (...parts: readonly string[]): string => parts.join('');
const line = (value: string): string => `# settings\nvalue = ${value}\n`;
const jwt = (issuer: string): string =>
  [{ alg: 'RS256' }, { iss: issuer, sub: 'x'.repeat(20) }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') +
  `.${made(86)}`;

/** The shape is right and the value is a placeholder, or the value is right and the shape is not. */
export const tokenExamples: Readonly<Record<string, Example>> = {
  'aws_access_key/id': {
    yes: `id: ${t('AK', 'IA', made(16, base32))}\n`,
    no: `id: ${t('AK', 'IA')}${'X'.repeat(16)} ${t('AK', 'IA', made(20, base32))}\n`,
  },
  'aws_access_key/secret': {
    yes: `aws_secret_access_key = ${made(40)}\n`,
    no: `aws_secret_access_key = ${made(64, hex)}\nsecret_access_key: <your secret key of 40 characters>\n`,
  },
  aws_session_token: {
    yes: `AWS_SESSION_TOKEN=${t('IQo', 'J')}${made(300)}\n`,
    no: `AWS_SESSION_TOKEN=${made(300)}\n`,
  },
  amazon_mws_token: { yes: line(t('amzn.', 'mws.', madeUuid)), no: line(t('amzn.', 'mws.', made(36, hex))) },
  ak_leak: { yes: line(t('LT', 'AI', made(20))), no: line(t('LT', 'AI', made(30))) },
  tencentcloud_ak: { yes: line(t('AK', 'ID', made(32))), no: line(t('AK', 'ID', made(60))) },
  huaweicloud_ak: {
    yes: `HUAWEICLOUD_AK=${made(20, upper)}\nHUAWEICLOUD_SK=${made(40)}\n`,
    no: `HUAWEICLOUD_REGION=cn-north-4\nother_sk=${made(40)}\n`,
  },
  'googlecloud_api_key/key': { yes: line(t('AI', 'za', made(35))), no: line(t('AI', 'za', made(50))) },
  google_oauth_key: { yes: line(t('GOC', 'SPX-', made(28))), no: line(t('GOC', 'SPX-', made(20))) },
  google_oauth_token: { yes: line(t('ya', '29.', made(120))), no: line(t('ya', '29.', made(20))) },
  github_personal_token: {
    // The one that the issuer's own description of the checksum prints, long revoked.
    yes: line(t('gh', 'p_', 'zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ', '0mLq17')),
    no: line(t('gh', 'p_', 'x'.repeat(36))),
  },
  'github_personal_token/fine-grained': {
    yes: line(t('github_', 'pat_', made(22), '_', made(59))),
    no: line(t('github_', 'pat_', made(22), '_', made(40))),
  },
  github_oauth_token: { yes: line(t('gh', 'o_', made(36))), no: line(t('gh', 'o_', made(35))) },
  github_app_token: { yes: line(t('gh', 's_', made(36))), no: line(t('xgh', 's_', made(36))) },
  github_refresh_token: { yes: line(t('gh', 'r_', made(76))), no: line(t('gh', 'r_', made(50))) },
  gitLab_personal_token: { yes: line(t('gl', 'pat-', made(20))), no: line(t('gl', 'pat-', 'your-token-goes-here')) },
  'atlassian_token/marked': { yes: line(t('ATA', 'TT3xFf', 'GF0', made(180))), no: line(t('ATA', 'TT3xFf', made(20))) },
  'atlassian_token/named': { yes: `jira_api_token: "${made(24, lower)}"\n`, no: `jira_api_token: "${'a'.repeat(24)}"\n` },
  npm_token: { yes: line(t('np', 'm_', made(36))), no: line(t('np', 'm_', 'config_registry_of_the_organisation_x')) },
  'npm_token/npmrc': {
    path: 'root/.npmrc',
    yes: `//registry.test.example/:_authToken=${made(36, lower)}\n`,
    no: `//registry.test.example/:_authToken=\${NPM_TOKEN}\n`,
  },
  pypi_token: { yes: line(t('py', 'pi-', 'AgEIcHlwaS5vcmc', made(150))), no: line(t('py', 'pi-', made(150))) },
  rubygem: { yes: line(t('rubygems', '_', made(48, hex))), no: line(t('rubygems', '_', made(40, hex))) },
  clojars_token: { yes: line(t('CLO', 'JARS_', made(60, lower))), no: line(t('CLO', 'JARS_', made(50, lower))) },
  hashicorp_terraform_token: { yes: line(t(made(14), '.atlas', 'v1.', made(67))), no: line(t(made(14), '.atlas', 'v2.', made(67))) },
  hashicorp_vault_token: { yes: line(t('hv', 's.', made(90))), no: line(t('hv', 's.', made(12))) },
  'hashicorp_vault_token/old': { yes: `VAULT_TOKEN=${t('s', '.', made(24))}\n`, no: `VAULT_TOKEN=${t('s', '.', made(12))}\n` },
  pulumi_token: { yes: line(t('pu', 'l-', made(40, hex))), no: line(t('pu', 'l-', made(40, 'xyz'))) },
  databricks_token: { yes: line(t('da', 'pi', made(32, hex))), no: line(t('da', 'pi', made(31, hex))) },
  heroku_api_key: { yes: `HEROKU_API_KEY=${madeUuid}\n`, no: `HEROKU_APP_NAME=web\nid=${madeUuid}\n` },
  'heroku_api_key/marked': { yes: line(t('HR', 'KU-', madeUuid)), no: line(t('HR', 'KU-', made(30))) },
  dynatrace_token: {
    yes: line(t('dt0', 'c01.', made(24, base32), '.', made(64, base32))),
    no: line(t('dt0', 'c01.', made(24, base32), '.', made(20, base32))),
  },
  grafana_token: { yes: line(t('gl', 'sa_', made(32), '_', made(8, hex))), no: line(t('gl', 'sa_', made(32))) },
  'grafana_token/cloud': { yes: line(t('gl', 'c_eyJ', made(120))), no: line(t('gl', 'c_eyJ', made(20))) },
  newrelic_api_key: { yes: line(t('NR', 'AK-', made(27, upper))), no: line(t('NR', 'AK-', made(20, upper))) },
  fastly_cdn_token: { yes: `FASTLY_API_TOKEN=${made(32)}\n`, no: `fastly-service-name=${made(32)}\n` },
  planetscale_passwd: { yes: line(t('pscale', '_pw_', made(43))), no: line(t('pscale', '_pw_', made(10))) },
  planetscale_token: { yes: line(t('pscale', '_tkn_', made(43))), no: line(t('pscale', '_id_', made(43))) },
  slack_token: {
    yes: line(t('xo', 'xb-', made(12, '123456789'), '-', made(13, '123456789'), '-', made(24))),
    no: line(t('xo', 'xb-', 'your-token-here')),
  },
  'slack_token/webhook': {
    yes: line(t('https://hooks.', 'slack.com/services/', 'T', made(9, upper), '/B', made(9, upper), '/', made(24))),
    no: line(t('https://hooks.', 'slack.com/services/', 'T00000000/B00000000/', 'X'.repeat(24))),
  },
  discord_client_cred: { yes: `DISCORD_CLIENT_SECRET=${made(32)}\n`, no: 'discord_token = os.environ["DISCORD_TOKEN"]\n' },
  messagebird_token: { yes: `MESSAGEBIRD_API_KEY=${made(25, lower)}\n`, no: `messagebird_id=${made(40, lower)}\n` },
  mailgun_key: { yes: `MAILGUN_KEY=${t('ke', 'y-', made(32, hex))}\n`, no: `other=${t('ke', 'y-', made(32, hex))}\n` },
  mailgun_private_token: {
    yes: `mailgun: ${t(made(32, hex), '-', made(8, hex), '-', made(8, hex))}\n`,
    no: `mailgun: ${t(made(32, hex), '-', made(4, hex))}\n`,
  },
  mailchimp_api_key: { yes: line(t(made(32, hex), '-u', 's14')), no: 'Content-Language: en-us10\n' },
  sendinblue: { yes: line(t('xkey', 'sib-', made(64, hex), '-', made(16))), no: line(t('xkey', 'sib-', made(16))) },
  lob_api_key: { yes: `LOB_API_KEY=${t('li', 've_', made(35, hex))}\n`, no: `key=${t('li', 've_', made(35, hex))}\n` },
  stripe_skpk: { yes: line(t('sk_', 'live_', made(24))), no: line(t('sk_', 'live_', 'x'.repeat(24))) },
  square_oauth: { yes: line(t('sq0', 'csp-', made(43))), no: line(t('sq0', 'csp-', made(20))) },
  square_token: { yes: line(t('sq0', 'atp-', made(22))), no: line(t('sq0', 'idp-', made(22))) },
  'square_token/new': { yes: `SQUARE_ACCESS_TOKEN=${t('EA', 'AA', made(60))}\n`, no: `token=${t('EA', 'AA', made(60))}\n` },
  finicity_token: { yes: `finicity_app_secret: ${made(20, lower)}\n`, no: `finicity_partner: ${made(10, lower)}\n` },
  typeform_token: { yes: line(t('tf', 'p_', made(44), '_', made(10))), no: line(t('tf', 'p_', made(20))) },
  asana_client_private_key: { yes: `ASANA_CLIENT_SECRET=${made(32, hex)}\n`, no: `asana_workspace: ${made(16, '123456789')}\n` },
  contentful_preview_token: { yes: `CONTENTFUL_PREVIEW_TOKEN=${made(43)}\n`, no: `CONTENTFUL_SPACE_ID=${made(12)}\n` },
  contentful_delivery_token: { yes: `CONTENTFUL_ACCESS_TOKEN=${made(43)}\n`, no: `CONTENTFUL_PREVIEW_TOKEN=${made(43)}\n` },
  salesforce: { yes: `salesforce: ${t('00', 'D', made(12), '!', made(96))}\n`, no: `salesforce: ${t('00', 'D', made(12))}\n` },
  rails_app_token: { yes: `secret_key_base: ${made(128, hex)}\n`, no: `secret_key_base: <%= ENV["SECRET_KEY_BASE"] %>\n` },
  sshpasswd: { yes: `sshpass -p '${made(10)}' ssh deploy@host\n`, no: 'sshpass -p "$SSH_PASSWORD" ssh deploy@host\n' },
  'kubernetes_dashboard_cred/token': {
    yes: line(jwt('kubernetes/serviceaccount')),
    no: line(jwt('https://accounts.test.example')),
  },
  'common_cred/assigned': {
    path: 'app/.env',
    yes: `API_TOKEN=${made(20)}\n`,
    no: `TOKEN_URL=https://test.example/${made(20)}\nPASSWORD=\${OTHER}\nSECRET=changeme\n`,
  },
  'common_cred/argument': {
    path: 'root/.bash_history',
    yes: `tool login --password ${made(14)}\n`,
    no: 'tool login --password-stdin\n',
  },
  'common_database_cfg/address': {
    path: 'app/.env',
    yes: `DATABASE_URL=postgres://app:${made(14)}@db:5432/app\n`,
    no: 'DATABASE_URL=postgres://app:${PASSWORD}@db:5432/app\nOTHER=postgres://db:5432/app\n',
  },
  'common_cred/address': {
    path: 'app/.env',
    yes: `PROXY=http://proxy:${made(14)}@proxy.test.example:3128\n`,
    no: 'PROXY=http://proxy.test.example:3128\n',
  },
  generic_api_key: { path: 'usr/share/x.txt', yes: `api_key = "${made(24)}"\n`, no: 'api_key = get_key("some name of it")\n' },
  url_credentials: { path: 'usr/share/x.txt', yes: `see http://me:${made(12)}@test.example/\n`, no: 'see http://test.example:8080/x@y\n' },
};
