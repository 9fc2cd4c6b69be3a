import { createCipheriv } from 'node:crypto';
import type { Example } from './examples.ts';
import { hex, made, madeBytes } from './made.ts';

const pw = made(14);
const login = (password: string): string => Buffer.from(`robot:${password}`).toString('base64');
const dollar = '$';
const key = `-----BEGIN PRIVATE ${'KEY'}-----\n${made(200)}\n-----END PRIVATE ${'KEY'}-----`;

function dbeaver(text: string): Buffer {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from('babb4a9f774ab853c96c2d653dfe544a', 'hex'), Buffer.alloc(16));
  return Buffer.concat([Buffer.alloc(16), cipher.update(text), cipher.final()]);
}

function sqlite(schema: string): Buffer {
  const page = Buffer.alloc(4096);
  page.write('SQLite format 3\0', 'latin1');
  page.writeUInt16BE(4096, 16);
  page.set([1, 1, 0, 64, 32, 32], 18);
  page.write(schema, 3000, 'latin1');
  return page;
}

const clients: Readonly<Record<string, Example>> = {
  aws_cli: { path: 'root/.aws/credentials', yes: `[default]\naws_secret_access_key = ${made(40)}\n`, no: '[default]\nregion = eu-central-1\naws_secret_access_key =\n' },
  aws_s3cmd: { path: 'root/.s3cfg', yes: `[default]\nsecret_key = ${made(40)}\n`, no: '[default]\nsecret_key = \naccess_token = %(token)s\n' },
  digital_ocean_tugboat: { path: 'root/.tugboat', yes: `authentication:\n  access_token: ${made(64, hex)}\n`, no: 'ssh:\n  ssh_user: root\n' },
  'hashicorp_terraform_token/file': { path: 'root/.terraformrc', yes: `credentials "app.test.example" {\n  token = "${made(60)}"\n}\n`, no: '# token = "something"\n' },
  'hashicorp_terraform_token/json': { path: 'root/.terraform.d/credentials.tfrc.json', yes: `{"credentials":{"x":{"token":"${made(60)}"}}}`, no: '{"credentials":{}}' },
  'docker_registry_cfg/auth': { path: 'root/.docker/config.json', yes: `{"auths":{"r.test.example":{"auth":"${login(pw)}"}}}`, no: `{"auths":{"r.test.example":{"auth":"${login('changeme')}"},"s":{"auth":""}}}` },
  'docker_registry_cfg/token': { path: 'root/.docker/config.json', yes: `{"auths":{"r":{"identitytoken":"${made(40)}"}}}`, no: '{"credsStore":"pass"}' },
  rubygems_cred: { path: 'root/.gem/credentials', yes: `---\n:rubygems_api_key: ${made(48, hex)}\n`, no: '---\n:status_code_url: x\n' },
  'npm_token/yarn': { path: 'srv/.yarnrc.yml', yes: `npmAuthToken: "${made(30)}"\n`, no: `npmAuthToken: "${dollar}{NPM_TOKEN}"\n` },
  'common_cred/maven': { path: 'root/.m2/settings.xml', yes: `<settings><servers><server><id>x</id><password>${pw}</password></server></servers></settings>`, no: `<settings><servers><server><password>${dollar}{env.PW}</password></server></servers></settings>` },
  'common_cred/pypirc': { path: 'root/.pypirc', yes: `[pypi]\nusername = me\npassword = ${pw}\n`, no: '[pypi]\nusername = __token__\npassword = <token>\n' },
  'common_cred/gradle': { path: 'root/.gradle/gradle.properties', yes: `nexusPassword=${pw}\n`, no: 'org.gradle.jvmargs=-Xmx2g\nnexusPassword=changeme\n' },
  'common_cred/composer': { path: 'root/.composer/auth.json', yes: `{"http-basic":{"repo.test.example":{"username":"me","password":"${pw}"}}}`, no: '{"http-basic":{}}' },
  'common_cred/nuget': { path: 'root/.nuget/NuGet/NuGet.Config', yes: `<configuration><x><add key="ClearTextPassword" value="${pw}" /></x></configuration>`, no: '<configuration><add key="Username" value="me" /></configuration>' },
  'common_cred/cargo': { path: 'root/.cargo/credentials.toml', yes: `[registry]\ntoken = "${made(32)}"\n`, no: '[registry]\n# token = "x"\n' },
  'common_cred/pip': { path: 'root/.config/pip/pip.conf', yes: `[global]\nindex-url = https://me:${pw}@pypi.test.example/simple\n`, no: '[global]\nindex-url = https://pypi.test.example/simple\n' },
  'git_cfg/address': { path: 'srv/app/.git/config', yes: `[remote "origin"]\n\turl = https://me:${pw}@git.test.example/x.git\n`, no: '[remote "origin"]\n\turl = git@git.test.example:x.git\n' },
  'git_cfg/header': { path: 'srv/app/.git/config', yes: `[http]\n\textraheader = AUTHORIZATION: basic ${login(pw)}\n`, no: '[http]\n\tsslVerify = true\n' },
  git_cred: { path: 'root/.git-credentials', yes: `https://me:${pw}@git.test.example\n`, no: 'https://git.test.example\n' },
  github_hub: { path: 'root/.config/hub', yes: `github.com:\n- user: me\n  oauth_token: ${made(40, hex)}\n`, no: 'github.com:\n- user: me\n  protocol: https\n' },
  netrc_cfg: { path: 'root/.netrc', yes: `machine x.test.example login me password ${pw}\n`, no: 'machine x.test.example login me\n# password in the vault\n' },
  postgresql_passwd: { path: 'root/.pgpass', yes: `db:5432:*:app:${pw}\n`, no: '# hostname:port:database:username:password\n' },
  kubernetes_dashboard_cred: { path: 'root/.kube/config', yes: `apiVersion: v1\nusers:\n- user:\n    token: ${made(60)}\n`, no: 'apiVersion: v1\nusers:\n- user:\n    tokenFile: /var/run/token\n' },
  esmtp_cfg: { path: 'root/.esmtprc', yes: `hostname = mx\nusername = me\npassword = "${pw}"\n`, no: 'hostname = mx\n# password = "x1y2z3"\n' },
  'openvpn_cfg/inline': { path: 'etc/openvpn/client.ovpn', yes: `client\n<key>\n${key}\n</key>\n`, no: 'client\nkey client.key\n' },
  'openvpn_cfg/login': { path: 'etc/openvpn/client.ovpn', yes: `client\n<auth-user-pass>\nme\n${pw}\n</auth-user-pass>\n`, no: 'client\nauth-user-pass\n' },
  rdp: { path: 'home/me/server.rdp', yes: `full address:s:host\npassword 51:b:${made(80, '0123456789ABCDEF')}\n`, no: 'full address:s:host\nprompt for credentials:i:1\n' },
};

const desktop: Readonly<Record<string, Example>> = {
  'ftp_cfg/address': { path: 'root/.lftp/bookmarks', yes: `work ftp://me:${pw}@ftp.test.example/\n`, no: 'work ftp://ftp.test.example/\n' },
  'ftp_cfg/fields': { path: 'root/ws_ftp.ini', yes: `[site]\nHOST=x\nPWD=${pw}\n`, no: '[site]\nHOST=x\nPWD=\n' },
  sftp_cfg: { path: 'srv/sftp-config.json', yes: `{\n  "user": "me",\n  "password": "${pw}",\n}`, no: '{\n  //"password": "password",\n}' },
  vscode_sftp: { path: 'srv/.vscode/sftp.json', yes: `{"password": "${pw}"}`, no: `{"privateKeyPath": "~/.ssh/id"}` },
  atom_remote_sync: { path: 'srv/.remote-sync.json', yes: `{"password": "${pw}"}`, no: '{"password": ""}' },
  atom_sftp_cfg: { path: 'srv/.ftpconfig', yes: `{"pass": "${pw}"}`, no: '{"promptForPass": true}' },
  filezilla_ftp: { path: 'root/.config/filezilla/sitemanager.xml', yes: `<FileZilla3><Servers><Server><Pass encoding="base64">${login(pw)}</Pass></Server></Servers></FileZilla3>`, no: '<FileZilla3><Servers><Server><Host>x</Host></Server></Servers></FileZilla3>' },
  apache_htpasswd: { path: 'etc/apache2/.htpasswd', yes: `me:${dollar}apr1${dollar}abcdefgh${dollar}${made(22)}\n`, no: 'me:not-a-hash\n' },
  cpanel_proftpd: { path: 'etc/proftpd/proftpdpasswd', yes: `me:${dollar}1${dollar}abcdefgh${dollar}${made(22)}:500:500::/home/me:/bin/false\n`, no: 'me:*:500:500::/home/me:/bin/false\n' },
  ventrilo_voip: { path: 'opt/ventrilo/ventrilo_srv.ini', yes: `[Server]\nName=x\nAdminPassword=${pw}\n`, no: '[Server]\nName=x\nAdminPassword=\n' },
  jenkins_ssh: { path: 'var/jenkins_home/jenkins.plugins.publish_over_ssh.BapSshPublisherPlugin.xml', yes: `<x><secretPassphrase>{${made(44)}=}</secretPassphrase></x>`.replace('{', '').replace('}', ''), no: '<x><secretPassphrase></secretPassphrase></x>' },
  'jenkins_cred/xml': { path: 'var/jenkins_home/credentials.xml', yes: `<com.cloudbees.plugins.credentials.X><password>${made(44)}</password></com.cloudbees.plugins.credentials.X>`, no: '<com.cloudbees.plugins.credentials.X><scope>GLOBAL</scope></com.cloudbees.plugins.credentials.X>' },
  'jenkins_cred/master': { path: 'var/jenkins_home/secrets/master.key', yes: made(256, hex), no: made(200, hex) },
  firefox_logins: { path: 'root/.mozilla/firefox/x/logins.json', yes: `{"logins":[{"encryptedPassword":"${made(64)}"}]}`, no: '{"logins":[]}' },
  msbuild_publish_profile: { path: 'srv/x.PublishSettings', yes: `<publishData><publishProfile userName="me" userPWD="${pw}" /></publishData>`, no: '<publishData><publishProfile userName="me" userPWD="" /></publishData>' },
  'jetbrains_ides/xml': { path: 'srv/.idea/webServers.xml', yes: `<project><option><webServer><fileTransfer host="x" password="${pw}" /></webServer></option></project>`, no: '<project><fileTransfer host="x" /></project>' },
  'dbeaver_database_cfg/plain': { path: 'root/.dbeaver4/General/.dbeaver-data-sources.xml', yes: `<data-sources><data-source><connection user="me" password="${pw}" /></data-source></data-sources>`, no: '<data-sources><connection user="me" /></data-sources>' },
  'dbeaver_database_cfg/json': { path: 'root/.dbeaver/data-sources.json', yes: `{"connections":{"x":{"password":"${pw}"}}}`, no: '{"connections":{"x":{"user":"me"}}}' },
  'dbeaver_database_cfg/encrypted': { path: 'root/.dbeaver/credentials-config.json', yes: dbeaver(`{"x":{"#connection":{"user":"me","password":"${pw}"}}}`), no: Buffer.concat([Buffer.alloc(16), madeBytes(64)]) },
  robomongo_cred: { path: 'root/.3T/robo-3t/1.3.1/robo3t.json', yes: `{"connections":[{"credentials":[{"userName":"me","userPassword":"${pw}"}]}]}`, no: '{"connections":[{"credentials":[{"userName":"me","userPassword":""}]}]}' },
};

const applications: Readonly<Record<string, Example>> = {
  rails_database: { path: 'app/config/database.yml', yes: `production:\n  adapter: postgresql\n  password: ${pw}\n`, no: 'production:\n  password: <%= ENV["DB_PASSWORD"] %>\n' },
  rails_carrierwave: { path: 'app/config/initializers/carrierwave.rb', yes: `CarrierWave.configure do |config|\n    :aws_secret_access_key => '${made(40)}',\nend\n`, no: `    :aws_secret_access_key => ENV['AWS_SECRET'],\n` },
  rails_master_key: { path: 'app/config/master.key', yes: made(32, hex), no: made(32, 'ghijkl') },
  'rubyonrails_passwd/yaml': { path: 'app/config/application.yml', yes: `SMTP_PASSWORD: "${pw}"\n`, no: 'SMTP_HOST: "mx"\n' },
  'rubyonrails_passwd/ruby': { path: 'app/config/environments/production.rb', yes: `    password: '${pw}',\n`, no: `    password: ENV['SMTP_PASSWORD'],\n` },
  rubyonrails_cfg: { path: 'app/config/initializers/secret_token.rb', yes: `App::Application.config.secret_token = '${made(128, hex)}'\n`, no: `App::Application.config.secret_token = ENV['TOKEN']\n` },
  phoenix_web_passwd: { path: 'app/config/prod.secret.exs', yes: `config :app, App.Repo,\n  password: "${pw}",\n`, no: 'config :app, App.Repo,\n  password: System.get_env("DB_PASSWORD"),\n' },
  django_key: { path: 'app/site/settings.py', yes: `SECRET_KEY = '${made(50)}'\n`, no: `SECRET_KEY = os.environ['SECRET_KEY']\n` },
  'common_database_cfg/lines': { path: 'app/jdbc.properties', yes: `jdbc.user=me\njdbc.password=${pw}\n`, no: `jdbc.password=${dollar}{DB_PASSWORD}\n` },
  'common_database_cfg/xml': { path: 'app/context.xml', yes: `<Context><Resource name="x" username="me" password="${pw}"/></Context>`, no: '<Context><Resource name="x"/></Context>' },
  'common_database_cfg/property': { path: 'app/hibernate.cfg.xml', yes: `<property name="hibernate.connection.password">${pw}</property>`, no: '<property name="hibernate.connection.username">me</property>' },
  'common_database_cfg/json': { path: 'app/ormconfig.json', yes: `{"username":"me","password":"${pw}"}`, no: '{"username":"me","password":"password"}' },
  'common_database_cfg/connection': { path: 'app/appsettings.Production.json', yes: `{"ConnectionStrings":{"Default":"Server=db;User Id=me;Password=${pw};"}}`, no: '{"ConnectionStrings":{"Default":"Server=db;Integrated Security=true;"}}' },
  wordpress_database_cfg: { path: 'var/www/wp-config.php', yes: `<?php\ndefine( 'DB_PASSWORD', '${pw}' );\n`, no: `<?php\ndefine( 'DB_PASSWORD', 'password_here' );\ndefine( 'DB_USER', 'me' );\n` },
  'php_database_cfg/fields': { path: 'var/www/config/database.php', yes: `<?php return ['username' => 'me', 'password' => '${pw}'];\n`, no: `<?php return ['password' => env('DB_PASSWORD', '')];\n` },
  'php_database_cfg/call': { path: 'var/www/index.php', yes: `<?php $db = mysqli_connect('localhost', 'me', '${pw}', 'app');\n`, no: '<?php $db = mysqli_connect($host, $user, $password);\n' },
  php_config: { path: 'var/www/config.php', yes: `<?php\n$smtp_password = '${pw}';\n`, no: `<?php\n// $smtp_password = '${pw}';\n$title = 'password';\n` },
  joomla_cfg: { path: 'var/www/configuration.php', yes: `<?php\nclass JConfig {\n\tpublic $password = '${pw}';\n}\n`, no: `<?php\nclass JConfig {\n\tpublic $password = '';\n}\n` },
  mediawiki_cfg: { path: 'var/www/LocalSettings.php', yes: `<?php\n$wgDBpassword = "${pw}";\n`, no: '<?php\n$wgDBpassword = getenv("PW");\n' },
  sqlite: { path: 'srv/app.db', yes: sqlite('CREATE TABLE users (id INTEGER, name TEXT, password TEXT)'), no: sqlite('CREATE TABLE tiles (x INTEGER, y INTEGER)') },
  microsoft_mdf: { path: 'srv/app.mdf', yes: Buffer.concat([Buffer.from([1, 15]), Buffer.alloc(200)]), no: Buffer.alloc(200) },
  microsoft_sdf: { path: 'srv/app.sdf', yes: Buffer.concat([Buffer.alloc(16), Buffer.from('00093d00', 'hex'), Buffer.alloc(200)]), no: Buffer.alloc(220) },
};

/** Files that are known by their names. */
export const fileExamples: Readonly<Record<string, Example>> = { ...clients, ...desktop, ...applications };
