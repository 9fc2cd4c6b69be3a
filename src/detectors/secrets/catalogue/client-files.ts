import type { SensitiveRule } from '../contract.ts';
import { advise, family } from './family.ts';

const change = advise(
  'Change the password or token, and log in at run time with what the platform mounts instead of with a file of a person.',
  '请更换其中的密码或令牌；应在运行时使用平台挂载的凭证登录，而不是使用个人的凭证文件。',
);

/** Files in which programs keep what they log in with. */
export const clientFileKeys: readonly SensitiveRule[] = family(
  { power: { en: 'log in as the person whose file it is', zh: '以该文件所属人员的身份登录' }, advice: change },
  [
    ['aws_cli', 'high', 'Credentials of the AWS command line', 'AWS命令行工具凭证'],
    ['aws_s3cmd', 'high', 'Credentials of s3cmd', 's3cmd配置凭证'],
    ['digital_ocean_tugboat', 'high', 'Credentials of DigitalOcean Tugboat', 'DigitalOcean Tugboat配置凭证'],
    ['docker_registry_cfg', 'high', 'Docker registry login', 'Docker镜像仓库登录凭证'],
    ['git_cfg', 'high', 'Git configuration with a password or token', '含有密码或令牌的Git配置'],
    ['git_cred', 'high', 'Git credential store', 'Git凭证存储文件'],
    ['github_hub', 'high', 'Token of the GitHub command line', 'GitHub命令行工具令牌'],
    ['rubygems_cred', 'high', 'RubyGems credentials', 'RubyGems凭证文件'],
    ['netrc_cfg', 'high', 'netrc login', 'netrc登录配置'],
    ['ftp_cfg', 'medium', 'FTP client configuration with a password', '含有密码的FTP客户端配置'],
    ['sftp_cfg', 'medium', 'SFTP configuration of an editor', '编辑器的SFTP配置'],
    ['vscode_sftp', 'medium', 'SFTP configuration of Visual Studio Code', 'VSCode SFTP配置'],
    ['atom_remote_sync', 'medium', 'Remote Sync configuration of Atom', 'Atom Remote Sync配置'],
    ['atom_sftp_cfg', 'medium', 'Remote FTP configuration of Atom', 'Atom SFTP配置'],
    ['filezilla_ftp', 'medium', 'FileZilla sites with passwords', '含有密码的FileZilla站点配置'],
    ['cpanel_proftpd', 'medium', 'ProFTPD password file', 'cPanel ProFTPD密码文件'],
    ['esmtp_cfg', 'medium', 'esmtp configuration with a password', '含有密码的esmtp配置'],
    ['openvpn_cfg', 'high', 'OpenVPN configuration with a key or password', '含有密钥或密码的OpenVPN配置'],
    ['rdp', 'medium', 'Remote Desktop file with a password', '含有密码的远程桌面文件'],
    ['sshpasswd', 'medium', 'SSH password on a command line', '命令行中的SSH密码'],
    ['ventrilo_voip', 'medium', 'Ventrilo server password', 'Ventrilo语音服务器密码'],
    ['apache_htpasswd', 'medium', 'Apache password file', 'Apache htpasswd密码文件'],
    ['firefox_logins', 'medium', 'Logins saved by Firefox', 'Firefox保存的登录信息'],
    ['jenkins_ssh', 'medium', 'Jenkins Publish over SSH password', 'Jenkins Publish over SSH密码'],
    ['jenkins_cred', 'medium', 'Jenkins credentials', 'Jenkins凭证'],
    [
      'msbuild_publish_profile',
      'high',
      'Visual Studio publish profile with a password',
      '含有密码的Visual Studio发布配置',
    ],
    ['jetbrains_ides', 'medium', 'Passwords of a JetBrains IDE', 'JetBrains IDE保存的密码'],
    ['dbeaver_database_cfg', 'medium', 'Database logins of DBeaver', 'DBeaver数据库登录信息'],
    ['robomongo_cred', 'medium', 'Database logins of Robo 3T', 'Robo 3T（Robomongo）凭证'],
    ['kubernetes_dashboard_cred', 'high', 'Kubernetes token or password', 'Kubernetes令牌或密码'],
    ['postgresql_passwd', 'high', 'PostgreSQL password file', 'PostgreSQL密码文件'],
  ],
);
