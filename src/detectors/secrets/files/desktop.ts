import { createDecipheriv } from 'node:crypto';
import type { FileRule, Found } from '../contract.ts';
import { fieldFile, patternFile } from './fields.ts';

const transfers: readonly FileRule[] = [
  patternFile({
    ...{ id: 'ftp_cfg/address', key: 'ftp_cfg', level: 'medium', names: ['bookmarks', '.lftprc', 'rc'] },
    where: /(^|\/)(\.?lftp\/(bookmarks|rc)|\.ncftp\/bookmarks|\.lftprc)$/,
    pattern: /ftps?:\/\/[^\s:/@]{1,100}:(?<value>[^\s:/@]{1,200})@/g,
  }),
  fieldFile({
    ...{
      id: 'ftp_cfg/fields',
      key: 'ftp_cfg',
      level: 'medium',
      notation: 'lines',
      fields: /^(pwd|pass|passwd|password)$/i,
    },
    names: ['ws_ftp.ini', 'ftp.cfg', 'ftp.conf', 'ftp.ini', 'wcx_ftp.ini'],
  }),
  fieldFile({
    ...{ key: 'sftp_cfg', level: 'medium', notation: 'json', fields: /^(password|ssh_key_passphrase|passphrase)$/ },
    names: ['sftp-config.json', 'sftp-config-alt.json'],
  }),
  fieldFile({
    ...{ key: 'vscode_sftp', level: 'medium', notation: 'json', fields: /^(password|passphrase)$/ },
    ...{ names: ['sftp.json', '.sftp.json'], where: /(^|\/)(\.vscode\/|\.sftp\.json$)/ },
  }),
  fieldFile({
    ...{ key: 'atom_remote_sync', level: 'medium', notation: 'json', fields: /^(password|passphrase)$/ },
    names: ['.remote-sync.json'],
  }),
  fieldFile({
    ...{ key: 'atom_sftp_cfg', level: 'medium', notation: 'json', fields: /^(pass|password|passphrase)$/ },
    names: ['.ftpconfig'],
  }),
  fieldFile({
    ...{ key: 'filezilla_ftp', level: 'medium', notation: 'xml', fields: /^(Pass|Password)$/ },
    names: ['sitemanager.xml', 'recentservers.xml', 'filezilla.xml', 'filezilla server.xml'],
  }),
];

/** Forms of crypt(3) and of Apache that password files hold: recognised by their marks, or as the thirteen characters of DES. */
const hash =
  '(?:\\$(?:apr1|1|2[abxy]|5|6|y)\\$[./A-Za-z0-9$=,]{20,200}|\\{SHA\\}[A-Za-z0-9+/]{27}=|[./A-Za-z0-9]{13}(?=[:\\r\\n]|$))';

const servers: readonly FileRule[] = [
  patternFile({
    ...{ key: 'apache_htpasswd', level: 'medium', names: ['.htpasswd', 'htpasswd', '.htpasswds'], literal: true },
    // Samples below documentation are off (risks.md §4.6).
    where: /^(?!(?:.{0,4000}\/)?(?:docs?|examples?|samples?)\/)/,
    pattern: new RegExp(`^[^:#\\s]{1,200}:(?<value>${hash})`, 'gm'),
  }),
  patternFile({
    ...{
      key: 'cpanel_proftpd',
      level: 'medium',
      names: ['proftpdpasswd', 'passwd.vhosts', 'ftpd.passwd', 'proftpd.passwd'],
      literal: true,
    },
    pattern: new RegExp(`^[^:#\\s]{1,200}:(?<value>${hash}):\\d{1,10}:\\d{1,10}:`, 'gm'),
  }),
  fieldFile({
    ...{ key: 'ventrilo_voip', level: 'medium', names: ['ventrilo_srv.ini'], notation: 'lines' },
    fields: /^(admin)?password$/i,
  }),
  fieldFile({
    ...{ key: 'jenkins_ssh', level: 'medium', notation: 'xml', fields: /^(secret)?pass(word|phrase)$/i },
    names: ['jenkins.plugins.publish_over_ssh.bapsshpublisherplugin.xml'],
  }),
  fieldFile({
    ...{ id: 'jenkins_cred/xml', key: 'jenkins_cred', level: 'medium', names: ['credentials.xml'], notation: 'xml' },
    ...{ fields: /^(password|passphrase|privateKey|secret|apiToken|secretBytes|secretKey)$/, mark: /cloudbees|hudson/ },
  }),
  patternFile({
    ...{
      id: 'jenkins_cred/master',
      key: 'jenkins_cred',
      names: ['master.key'],
      where: /(^|\/)secrets\//,
      literal: true,
    },
    pattern: /^(?<value>[0-9a-f]{256})\s{0,4}$/g,
  }),
];

const developers: readonly FileRule[] = [
  fieldFile({
    ...{ key: 'firefox_logins', level: 'medium', names: ['logins.json', 'logins-backup.json'], notation: 'json' },
    fields: /^encryptedPassword$/,
    judge: (value) => (/^[A-Za-z0-9+/]{32,4000}={0,2}$/.test(value) ? 'medium' : null),
  }),
  fieldFile({
    ...{ key: 'msbuild_publish_profile', notation: 'xml', extensions: ['.pubxml', '.publishsettings', '.user'] },
    ...{
      where: /\.(pubxml(\.user)?|publishsettings)$/i,
      fields: /^(userPWD|PublishPassword|Password|EncryptedPassword|userPassword)$/i,
    },
  }),
  fieldFile({
    ...{
      id: 'jetbrains_ides/xml',
      key: 'jetbrains_ides',
      level: 'medium',
      notation: 'xml',
      fields: /^(password|passphrase)$/i,
    },
    ...{ names: ['webservers.xml', 'datasources.xml', 'datasources.local.xml', 'deployment.xml', 'sshconfigs.xml'] },
    where:
      /(^|\/)(\.idea|JetBrains|\.?(IntelliJIdea|WebStorm|PhpStorm|PyCharm|DataGrip|GoLand|RubyMine|CLion|Rider)[\w.-]*)\//,
  }),
  fieldFile({
    ...{
      id: 'dbeaver_database_cfg/plain',
      key: 'dbeaver_database_cfg',
      level: 'medium',
      notation: 'xml',
      fields: /^password$/,
    },
    names: ['.dbeaver-data-sources.xml'],
  }),
  fieldFile({
    ...{
      id: 'dbeaver_database_cfg/json',
      key: 'dbeaver_database_cfg',
      level: 'medium',
      notation: 'json',
      fields: /^password$/,
    },
    ...{ names: ['data-sources.json', '.dbeaver-data-sources.json'] },
  }),
  {
    ...{ id: 'dbeaver_database_cfg/encrypted', key: 'dbeaver_database_cfg', level: 'medium', content: 'bytes' },
    ...{ names: ['credentials-config.json'], read: dbeaverLogins },
  },
  fieldFile({
    ...{ key: 'robomongo_cred', level: 'medium', notation: 'json' },
    ...{
      names: ['robomongo.json', 'robo3t.json'],
      fields: /^(userPassword|sshUserPassword|sshPassphrase|passphrase|sslPemPassPhrase)$/,
    },
  }),
];

/** The key that is compiled into the open source program, so the file is as good as plain. */
const dbeaverKey = Buffer.from('babb4a9f774ab853c96c2d653dfe544a', 'hex');
const maxLogins = 256 * 1024;

function* dbeaverLogins({ bytes }: { readonly bytes: Buffer }): Generator<Found> {
  if (bytes.length < 32 || bytes.length % 16 !== 0 || bytes.length > maxLogins) return;
  // The first block is the initial vector.
  const decipher = createDecipheriv('aes-128-cbc', dbeaverKey, bytes.subarray(0, 16)).setAutoPadding(false);
  const text = decipher.update(bytes.subarray(16)).toString('latin1');
  if (/"#?connection"|"#connection"/.test(text) && /"password"\s{0,5}:\s{0,5}"[^"]/.test(text)) {
    yield { start: 0, end: bytes.length, label: 'logins encrypted with a published key', hideValue: true };
  }
}

/** Files of clients with windows, of servers and of developers’ tools. */
export const desktopFiles: readonly FileRule[] = [...transfers, ...servers, ...developers];
