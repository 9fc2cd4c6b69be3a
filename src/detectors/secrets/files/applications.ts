import type { RiskLevel } from '../../contract.ts';
import type { FileRule } from '../contract.ts';
import { fieldFile, patternFile } from './fields.ts';

const rails: readonly FileRule[] = [
  fieldFile({
    ...{ key: 'rails_database', names: ['database.yml', 'database.yaml'], where: /(^|\/)config\//, notation: 'lines' },
    fields: /^password$/,
  }),
  fieldFile({
    ...{
      key: 'rails_carrierwave',
      names: ['carrierwave.rb', 'carrier_wave.rb'],
      where: /(^|\/)initializers\//,
      notation: 'lines',
    },
    fields: /(secret_access_key|access_key_secret|api_key|secret_key)$/,
  }),
  patternFile({
    ...{ key: 'rails_master_key', extensions: ['.key'], literal: true },
    where: /(^|\/)config\/(master|credentials\/[\w-]+)\.key$/,
    pattern: /^\s{0,4}(?<value>[0-9a-f]{32})\s{0,4}$/g,
  }),
  fieldFile({
    ...{ id: 'rubyonrails_passwd/yaml', key: 'rubyonrails_passwd', notation: 'lines', fields: /pass(word|wd)?$/i },
    ...{
      names: ['application.yml', 'local_env.yml', 'email.yml', 'smtp.yml', 'mongoid.yml', 'redis.yml'],
      where: /(^|\/)config\//,
    },
  }),
  fieldFile({
    ...{ id: 'rubyonrails_passwd/ruby', key: 'rubyonrails_passwd', notation: 'lines', fields: /(^|_)password$/ },
    ...{ extensions: ['.rb'], where: /(^|\/)config\/(environments|initializers)\/[^/]+\.rb$/ },
  }),
  fieldFile({
    ...{
      key: 'rubyonrails_cfg',
      names: ['secrets.yml', 'secret_token.rb', 'session_store.rb'],
      where: /(^|\/)config\//,
    },
    ...{ notation: 'lines', fields: /(secret_key_base|secret_token|session_secret|_secret|_api_key)$/ },
  }),
];

const others: readonly FileRule[] = [
  fieldFile({
    ...{ key: 'phoenix_web_passwd', extensions: ['.exs'], where: /(^|\/)config\/[^/]+\.exs$/, notation: 'lines' },
    fields: /^(secret_key_base|password|signing_salt_secret)$/,
  }),
  fieldFile({
    ...{
      key: 'django_key',
      extensions: ['.py'],
      where: /settings[^/]*\.py$|(^|\/)settings\/[^/]+\.py$/,
      notation: 'lines',
    },
    fields: /^SECRET_KEY$/,
    // What `startproject` writes says itself that it is for development.
    judge: (value): RiskLevel => (value.startsWith('django-insecure-') ? 'medium' : 'high'),
  }),
  fieldFile({
    ...{ id: 'common_database_cfg/lines', key: 'common_database_cfg', notation: 'lines' },
    names: [
      ...['database.properties', 'db.properties', 'jdbc.properties', 'datasource.properties', 'hibernate.properties'],
      ...['application.properties', 'application.yml', 'application.yaml', 'bootstrap.yml', 'my.cnf', '.my.cnf'],
      ...['database.ini', 'alembic.ini', 'dbconfig.yml', 'flyway.conf', 'liquibase.properties'],
    ],
    fields: /(^|[._-])(password|passwd|pwd)$/i,
  }),
  fieldFile({
    ...{ id: 'common_database_cfg/xml', key: 'common_database_cfg', notation: 'xml', fields: /(^|\.)password$/ },
    names: ['hibernate.cfg.xml', 'persistence.xml', 'context.xml', 'datasource.xml', 'standalone.xml', 'server.xml'],
  }),
  patternFile({
    ...{ id: 'common_database_cfg/property', key: 'common_database_cfg' },
    ...{ names: ['hibernate.cfg.xml', 'persistence.xml'] },
    pattern: /<property name="[\w.]{0,60}password"\s{0,5}>(?<value>[^<>\s]{1,200})</g,
  }),
  fieldFile({
    ...{ id: 'common_database_cfg/json', key: 'common_database_cfg', notation: 'json', fields: /^(password|passwd)$/i },
    names: ['ormconfig.json', 'database.json', 'dbconfig.json', 'db.json'],
  }),
  patternFile({
    ...{ id: 'common_database_cfg/connection', key: 'common_database_cfg', extensions: ['.config', '.json'] },
    where: /(^|\/)(web|app|connectionstrings)[\w.-]*\.config$|(^|\/)appsettings[\w.-]*\.json$/i,
    pattern: /(?:Password|Pwd)\s{0,3}=\s{0,3}(?<value>[^;"'<>\s]{1,200})/gi,
    mark: /connectionStrings?/i,
  }),
];

const php: readonly FileRule[] = [
  fieldFile({
    ...{ key: 'wordpress_database_cfg', names: ['wp-config.php'], notation: 'php' },
    fields: /^(DB_PASSWORD|AUTH_KEY|SECURE_AUTH_KEY|LOGGED_IN_KEY|NONCE_KEY)$/,
  }),
  fieldFile({
    ...{ id: 'php_database_cfg/fields', key: 'php_database_cfg', notation: 'php' },
    fields: /^(db_?|database_?|mysql_?|pg_?)?(password|passwd|pass|pwd)$/i,
    names: [
      'database.php',
      'db.php',
      'dbconfig.php',
      'db_config.php',
      'db_connect.php',
      'dbconnect.php',
      'connection.php',
      'conn.php',
      'connect.php',
    ],
  }),
  patternFile({
    ...{ id: 'php_database_cfg/call', key: 'php_database_cfg', extensions: ['.php', '.inc'] },
    pattern:
      /(?:mysqli?_connect|mysqli_real_connect|new mysqli|new PDO)\s{0,3}\(\s{0,20}["'][^"'\r\n]{1,200}["']\s{0,5},\s{0,20}["'][^"'\r\n]{1,100}["']\s{0,5},\s{0,20}["'](?<value>[^"'\r\n]{1,200})["']/gi,
  }),
  fieldFile({
    ...{ key: 'php_config', level: 'medium', notation: 'php' },
    fields: /^\w{0,40}(password|passwd|pass|secret|secret_?key|api_?key|blowfish_secret|hash_salt)$/i,
    names: [
      'config.php',
      'config.inc.php',
      'settings.php',
      'settings.local.php',
      'local.php',
      'env.php',
      'parameters.php',
      'config.local.php',
    ],
  }),
  fieldFile({
    ...{ key: 'joomla_cfg', names: ['configuration.php'], notation: 'php', mark: /class\s{1,5}JConfig/ },
    fields: /^(password|secret|smtppass|ftp_pass|proxy_pass)$/,
  }),
  fieldFile({
    ...{ key: 'mediawiki_cfg', names: ['localsettings.php'], notation: 'php' },
    fields: /^(wgDBpassword|wgSecretKey|wgUpgradeKey|wgDBadminpassword)$/,
  }),
];

/** Configuration of applications and databases (risks.md §4.7): parsed, and only values that are none of a sample count. */
export const applicationFiles: readonly FileRule[] = [...rails, ...others, ...php];
