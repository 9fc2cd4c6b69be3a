import type { SensitiveRule } from '../contract.ts';
import { advise, family, offByDefault } from './family.ts';

const configure = advise(
  'Change the value, and let the application read it from a secret that is mounted or set when the container starts.',
  '请更换该值，并让应用在容器启动时从挂载或注入的机密中读取。',
);

const configuration = family(
  {
    power: { en: 'reach the application’s data, or forge what it signs', zh: '访问应用的数据，或伪造由其签名的内容' },
    advice: configure,
  },
  [
    ['rails_database', 'high', 'Rails database password', 'Rails数据库密码'],
    ['rails_carrierwave', 'high', 'Keys in the configuration of CarrierWave', 'Rails CarrierWave配置中的密钥'],
    ['rails_master_key', 'high', 'Rails master key', 'Rails主密钥'],
    ['rubyonrails_passwd', 'high', 'Password in the configuration of Rails', 'Ruby on Rails配置中的密码'],
    ['rubyonrails_cfg', 'high', 'Secret in the configuration of Rails', 'Ruby on Rails配置中的密钥'],
    ['phoenix_web_passwd', 'high', 'Secret in the configuration of Phoenix', 'Phoenix Web框架配置中的密码'],
    ['django_key', 'high', 'Django secret key', 'Django密钥'],
    ['common_database_cfg', 'high', 'Database password in a configuration file', '配置文件中的数据库密码'],
    ['wordpress_database_cfg', 'high', 'WordPress database password', 'WordPress数据库密码'],
    ['php_database_cfg', 'high', 'Database password in PHP', 'PHP数据库密码'],
    ['php_config', 'medium', 'Password or key in a PHP configuration', 'PHP配置中的密码或密钥'],
    ['joomla_cfg', 'high', 'Joomla configuration with passwords', '含有密码的Joomla配置'],
    ['mediawiki_cfg', 'high', 'MediaWiki configuration with passwords', '含有密码的MediaWiki配置'],
    ['sqlite', 'low', 'SQLite database with columns for passwords or tokens', '含有密码或令牌字段的SQLite数据库'],
  ],
);

const databases = offByDefault(
  family(
    { power: { en: 'read everything that the database holds', zh: '读取数据库中的全部内容' }, advice: configure },
    [
      ['microsoft_mdf', 'low', 'Microsoft SQL Server database file', 'Microsoft SQL Server数据库文件'],
      ['microsoft_sdf', 'low', 'Microsoft SQL Server Compact database file', 'Microsoft SQL Server Compact数据库文件'],
    ],
  ),
  {
    en: 'One finding for every database file: what is in its tables is not looked at.',
    zh: '每个数据库文件都会产生一条结果：不检查表中的内容。',
  },
);

const guesses = [
  ...offByDefault(
    family({ power: { en: 'use it, if it is one', zh: '（如属实）使用该值' }, advice: configure }, [
      [
        'generic_api_key',
        'low',
        'Value of a name such as password or token in any file',
        '任意文件中名为password、token等的值',
      ],
    ]),
    {
      en: 'Hundreds of findings in the files of a distribution, most of them in documentation and program code.',
      zh: '在发行版文件中会产生数百条结果，多数位于文档和程序代码中。',
    },
  ),
  ...offByDefault(
    family({ power: { en: 'log in at that address, if it is one', zh: '（如属实）登录该地址' }, advice: configure }, [
      ['url_credentials', 'low', 'Name and password in an address in any file', '任意文件的网址中的用户名和密码'],
    ]),
    {
      en: 'Dozens of findings in the files of a distribution, mostly examples in documentation and comments.',
      zh: '在发行版文件中会产生数十条结果，多为文档和注释中的示例。',
    },
  ),
];

/** Configuration of applications, databases, and what is off by default because it is mostly noise. */
export const applicationKeys: readonly SensitiveRule[] = [...configuration, ...databases, ...guesses];
