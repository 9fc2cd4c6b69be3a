import type { FileRule } from '../contract.ts';
import { isPlaceholder } from '../engine/placeholders.ts';
import { fieldFile, patternFile } from './fields.ts';

/** Name and password in an address, as git and clients of FTP keep them. */
const address = /\w{2,10}:\/\/[^\s:/@"'<>]{0,100}:(?<value>[^\s:/@"'<>]{1,200})@/g;

const cloudTools: readonly FileRule[] = [
  fieldFile({
    ...{ key: 'aws_cli', names: ['credentials', 'config'], where: /(^|\/)\.aws\/\w+$/, notation: 'lines' },
    fields: /^(aws_secret_access_key|aws_session_token)$/i,
  }),
  fieldFile({ key: 'aws_s3cmd', names: ['.s3cfg'], notation: 'lines', fields: /^(secret_key|access_token)$/ }),
  fieldFile({
    ...{ key: 'digital_ocean_tugboat', names: ['.tugboat'], notation: 'lines' },
    fields: /^(client_key|api_key|access_token)$/,
  }),
  fieldFile({
    ...{ id: 'hashicorp_terraform_token/file', key: 'hashicorp_terraform_token', notation: 'lines' },
    ...{ names: ['.terraformrc', 'terraform.rc'], fields: /^token$/ },
  }),
  fieldFile({
    ...{ id: 'hashicorp_terraform_token/json', key: 'hashicorp_terraform_token', notation: 'json' },
    ...{ names: ['credentials.tfrc.json'], fields: /^token$/ },
  }),
];

/** A login as base64 of `name:password`, where the password is one. */
function isLogin(value: string): boolean {
  if (!/^[A-Za-z0-9+/]{4,4000}={0,2}$/.test(value)) return false;
  const [, password = ''] = Buffer.from(value, 'base64').toString('latin1').split(/:(.*)/s);
  return password !== '' && !isPlaceholder(password);
}

const registries: readonly FileRule[] = [
  fieldFile({
    ...{ id: 'docker_registry_cfg/auth', key: 'docker_registry_cfg', notation: 'json', fields: /^auth$/ },
    names: ['config.json', '.dockercfg', '.dockerconfigjson', 'auth.json'],
    where:
      /(^|\/)(\.docker\/config\.json|\.dockercfg|\.dockerconfigjson|containers\/auth\.json|kaniko\/\.docker\/config\.json)$/,
    judge: (value) => (isLogin(value) ? 'high' : null),
  }),
  fieldFile({
    ...{ id: 'docker_registry_cfg/token', key: 'docker_registry_cfg', notation: 'json' },
    names: ['config.json', '.dockercfg', '.dockerconfigjson', 'auth.json'],
    where: /(^|\/)(\.docker\/config\.json|\.dockercfg|\.dockerconfigjson|containers\/auth\.json)$/,
    fields: /^(identitytoken|registrytoken|password)$/,
  }),
  fieldFile({
    ...{ key: 'rubygems_cred', names: ['credentials'], where: /(^|\/)\.gem\/credentials$/, notation: 'lines' },
    fields: /api_key$|^https?:/,
  }),
  fieldFile({
    id: 'npm_token/yarn',
    key: 'npm_token',
    names: ['.yarnrc.yml'],
    notation: 'lines',
    fields: /^npmAuth(Token|Ident)$/,
  }),
  fieldFile({
    ...{
      id: 'common_cred/maven',
      key: 'common_cred',
      names: ['settings.xml'],
      where: /(^|\/)(\.m2|maven[^/]*|conf)\//,
    },
    // Maven writes encrypted passwords in braces, and the key of the encryption into another file.
    ...{ notation: 'xml', fields: /^(password|passphrase)$/, mark: /<servers?>/ },
  }),
  fieldFile({
    id: 'common_cred/pypirc',
    key: 'common_cred',
    names: ['.pypirc'],
    notation: 'lines',
    fields: /^password$/,
  }),
  fieldFile({
    ...{ id: 'common_cred/gradle', key: 'common_cred', names: ['gradle.properties'], notation: 'lines' },
    fields: /(password|passwd|token|secret)$/i,
  }),
  fieldFile({
    ...{
      id: 'common_cred/composer',
      key: 'common_cred',
      names: ['auth.json'],
      notation: 'json',
      mark: /"(http-basic|github-oauth|gitlab-token|bearer)"/,
    },
    fields: /^(password|token|[\w.-]+\.(com|org|net|io))$/,
  }),
  fieldFile({
    ...{ id: 'common_cred/nuget', key: 'common_cred', names: ['nuget.config'], notation: 'xml' },
    fields: /^(ClearTextPassword|Password)$/,
  }),
  fieldFile({
    ...{
      id: 'common_cred/cargo',
      key: 'common_cred',
      names: ['credentials', 'credentials.toml'],
      where: /(^|\/)\.?cargo\//,
    },
    ...{ notation: 'lines', fields: /^token$/ },
  }),
  patternFile({
    id: 'common_cred/pip',
    key: 'common_cred',
    names: ['pip.conf', '.condarc', 'uv.toml'],
    pattern: address,
  }),
];

const source: readonly FileRule[] = [
  patternFile({
    ...{
      id: 'git_cfg/address',
      key: 'git_cfg',
      names: ['config', '.gitconfig', 'gitconfig', '.gitmodules'],
      pattern: address,
    },
    where: /(^|\/)(\.git\/config|git\/config|\.gitconfig|gitconfig|\.gitmodules)$/,
  }),
  patternFile({
    ...{ id: 'git_cfg/header', key: 'git_cfg', names: ['config', '.gitconfig', 'gitconfig'] },
    where: /(^|\/)(\.git\/config|git\/config|\.gitconfig|gitconfig)$/,
    pattern: /extraheader\s{0,5}=\s{0,5}"?authorization:\s{0,5}\w{1,20}\s{1,5}(?<value>[\w+/=.-]{8,1000})/gi,
  }),
  patternFile({
    ...{ key: 'git_cred', names: ['.git-credentials', 'credentials'], pattern: address },
    where: /(^|\/)(\.git-credentials|git\/credentials)$/,
  }),
  fieldFile({
    ...{ key: 'github_hub', names: ['hub', 'hosts.yml'], where: /(^|\/)\.config\/(hub|gh\/hosts\.yml)$/ },
    ...{ notation: 'lines', fields: /^oauth_token$/ },
  }),
];

const logins: readonly FileRule[] = [
  patternFile({
    ...{ key: 'netrc_cfg', names: ['.netrc', '_netrc', 'netrc'] },
    pattern: /(?:^|\s)password\s{1,20}(?<value>\S{1,200})/g,
    mark: /(^|\s)(machine|default)\s/,
  }),
  patternFile({
    ...{ key: 'postgresql_passwd', names: ['.pgpass', 'pgpass.conf'] },
    // host:port:database:user:password, colons inside escaped.
    pattern: /^(?:(?:[^:\\\r\n]|\\.){1,200}:){4}(?<value>(?:[^:\\\r\n]|\\.){1,200})$/gm,
  }),
  fieldFile({
    ...{
      key: 'kubernetes_dashboard_cred',
      notation: 'lines',
      fields: /^(token|password)$/,
      mark: /^(apiVersion|kind|users):/m,
    },
    ...{ names: ['config', 'kubeconfig', 'admin.conf', 'super-admin.conf'], extensions: ['.kubeconfig'] },
    where: /(^|\/)(\.kube\/config|kubeconfig|kubernetes\/[\w-]+\.conf|[^/]+\.kubeconfig)$/,
  }),
  patternFile({
    ...{ key: 'esmtp_cfg', level: 'medium', names: ['.esmtprc', 'esmtprc', '.msmtprc', 'msmtprc'] },
    pattern: /^\s{0,20}password[ \t=]{1,20}["']?(?<value>[^\s"']{1,200})/gm,
  }),
  patternFile({
    ...{
      id: 'openvpn_cfg/inline',
      key: 'openvpn_cfg',
      extensions: ['.ovpn', '.conf'],
      where: /\.ovpn$|(^|\/)openvpn\//,
      literal: true,
    },
    pattern:
      /<(?:key|secret|tls-auth|tls-crypt)>\s{1,20}(?:#[^\r\n]{0,200}\s{1,20}){0,3}(?<value>-----BEGIN [\w ]{1,40}-----[^-]{100,20000}-----END)/g,
  }),
  patternFile({
    ...{
      id: 'openvpn_cfg/login',
      key: 'openvpn_cfg',
      extensions: ['.ovpn', '.conf'],
      where: /\.ovpn$|(^|\/)openvpn\//,
    },
    pattern: /<auth-user-pass>\s{1,20}[^\r\n<]{1,200}\r?\n(?<value>[^\r\n<]{1,200})/g,
  }),
  patternFile({
    ...{ key: 'rdp', level: 'medium', extensions: ['.rdp'], literal: true },
    pattern: /^password 51:b:(?<value>[0-9A-F]{32,4000})/gim,
  }),
];

/** Files of command-line tools, registries and clients that log in (risks.md §4.7, client and credential files). */
export const clientFiles: readonly FileRule[] = [...cloudTools, ...registries, ...source, ...logins];
