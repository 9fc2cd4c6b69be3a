import type { SensitiveRule } from '../contract.ts';
import { advise, family } from './family.ts';

const revoke = advise(
  'Revoke the token at its issuer and look at what was done with it; give the new one to the build as a build secret, or to the container when it starts.',
  '请在签发方吊销该令牌并检查其使用记录；新令牌应以构建机密的方式提供给构建过程，或在容器启动时注入。',
);

const clouds = family(
  {
    power: { en: 'act in the cloud account within the rights of the key', zh: '以该密钥的权限操作云账号' },
    advice: advise(
      'Disable the key, look at the account’s audit log, and let workloads get short-lived credentials from the platform (roles of instances or service accounts).',
      '请禁用该密钥并检查云账号的操作审计日志；工作负载应通过平台（实例角色或服务账号）获取临时凭证。',
    ),
  },
  [
    ['aws_access_key', 'high', 'AWS access key', 'AWS访问密钥'],
    ['aws_session_token', 'high', 'AWS session token', 'AWS会话令牌'],
    ['amazon_mws_token', 'high', 'Amazon MWS token', 'Amazon MWS令牌'],
    ['ak_leak', 'high', 'Alibaba Cloud AccessKey', '阿里云AccessKey'],
    ['tencentcloud_ak', 'high', 'Tencent Cloud access key', '腾讯云访问密钥'],
    ['huaweicloud_ak', 'high', 'Huawei Cloud access key', '华为云访问密钥'],
    ['googlecloud_api_key', 'high', 'Google Cloud API or service account key', 'Google Cloud API密钥或服务账号密钥'],
    ['google_oauth_key', 'high', 'Google OAuth client secret', 'Google OAuth客户端密钥'],
    ['google_oauth_token', 'high', 'Google OAuth token', 'Google OAuth令牌'],
  ],
);

const sources = family(
  { power: { en: 'read and change source code and its pipelines', zh: '读取和修改源代码及其流水线' }, advice: revoke },
  [
    ['github_personal_token', 'high', 'GitHub personal access token', 'GitHub个人访问令牌'],
    ['github_oauth_token', 'high', 'GitHub OAuth token', 'GitHub OAuth令牌'],
    ['github_refresh_token', 'high', 'GitHub refresh token', 'GitHub刷新令牌'],
    ['github_app_token', 'high', 'GitHub App token', 'GitHub App令牌'],
    ['gitLab_personal_token', 'high', 'GitLab personal access token', 'GitLab个人访问令牌'],
    ['atlassian_token', 'high', 'Atlassian API token', 'Atlassian API令牌'],
  ],
);

const packages = family(
  { power: { en: 'publish packages in the name of their owner', zh: '以所有者的名义发布软件包' }, advice: revoke },
  [
    ['npm_token', 'high', 'npm access token', 'npm访问令牌'],
    ['pypi_token', 'high', 'PyPI upload token', 'PyPI上传令牌'],
    ['rubygem', 'high', 'RubyGems API key', 'RubyGems API密钥'],
    ['clojars_token', 'high', 'Clojars deploy token', 'Clojars部署令牌'],
  ],
);

const infrastructure = family(
  {
    power: { en: 'change or watch the systems that the service runs', zh: '更改或监视该服务所管理的系统' },
    advice: revoke,
  },
  [
    ['hashicorp_terraform_token', 'high', 'HashiCorp Terraform token', 'HashiCorp Terraform令牌'],
    ['hashicorp_vault_token', 'high', 'HashiCorp Vault token', 'HashiCorp Vault令牌'],
    ['pulumi_token', 'high', 'Pulumi access token', 'Pulumi访问令牌'],
    ['databricks_token', 'high', 'Databricks access token', 'Databricks访问令牌'],
    ['dynatrace_token', 'high', 'Dynatrace token', 'Dynatrace令牌'],
    ['grafana_token', 'high', 'Grafana token', 'Grafana令牌'],
    ['newrelic_api_key', 'high', 'New Relic API key', 'New Relic API密钥'],
    ['fastly_cdn_token', 'medium', 'Fastly API token', 'Fastly CDN令牌'],
    ['heroku_api_key', 'high', 'Heroku API key', 'Heroku API密钥'],
    ['planetscale_passwd', 'high', 'PlanetScale password', 'PlanetScale密码'],
    ['planetscale_token', 'high', 'PlanetScale token', 'PlanetScale令牌'],
  ],
);

const services = family(
  { power: { en: 'use the service in the name of its owner', zh: '以所有者的名义使用该服务' }, advice: revoke },
  [
    ['contentful_preview_token', 'medium', 'Contentful preview token', 'Contentful预览令牌'],
    ['contentful_delivery_token', 'medium', 'Contentful delivery token', 'Contentful交付令牌'],
    ['slack_token', 'high', 'Slack token or webhook', 'Slack令牌或Webhook'],
    ['discord_client_cred', 'medium', 'Discord client secret or bot token', 'Discord客户端凭证或机器人令牌'],
    ['asana_client_private_key', 'medium', 'Asana client secret', 'Asana客户端密钥'],
    ['typeform_token', 'high', 'Typeform token', 'Typeform令牌'],
    ['finicity_token', 'medium', 'Finicity token or client secret', 'Finicity令牌或客户端密钥'],
    ['square_oauth', 'high', 'Square OAuth secret', 'Square OAuth密钥'],
    ['square_token', 'high', 'Square access token', 'Square访问令牌'],
    ['stripe_skpk', 'high', 'Stripe API key', 'Stripe API密钥'],
    ['lob_api_key', 'high', 'Lob API key', 'Lob API密钥'],
    ['mailgun_key', 'high', 'Mailgun API key', 'Mailgun API密钥'],
    ['mailgun_private_token', 'high', 'Mailgun private token', 'Mailgun私有令牌'],
    ['mailchimp_api_key', 'high', 'Mailchimp API key', 'Mailchimp API密钥'],
    ['messagebird_token', 'medium', 'MessageBird API token', 'MessageBird API令牌'],
    ['sendinblue', 'high', 'Sendinblue (Brevo) API key', 'Sendinblue（Brevo）API密钥'],
    ['salesforce', 'medium', 'Salesforce session or login address', 'Salesforce会话令牌或登录地址'],
    ['rails_app_token', 'high', 'Rails application secret', 'Rails应用密钥'],
    ['common_cred', 'medium', 'Password, token or key of a setting', '配置项中的密码、令牌或密钥'],
  ],
);

/** Tokens that have a shape or a name of their own. */
export const tokenKeys: readonly SensitiveRule[] = [...clouds, ...sources, ...packages, ...infrastructure, ...services];
