import type { ServiceRule } from '../contract.ts';
import { ini } from '../formats/lines.ts';
import type { Setting } from '../formats/setting.ts';
import { isOn } from '../hosts.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'php',
  files: ['php.ini', 'conf.d/*.ini', 'php-fpm.d/*.ini', 'mods-available/*.ini', 'php.d/*.ini'],
  *parse(text): Generator<Setting> {
    // Sections of php.ini are for readers only, except those for hosts and paths, which are passed over.
    for (const { key, value, line } of ini(text)) {
      if (/^(host|path)=/.test(key)) continue;
      yield { key: key.slice(key.indexOf('/') + 1), value, line };
    }
  },
  keep: [[/^(allow_url_include|display_errors|expose_php|disable_functions)$/, 'plain']],
};

const phpMyAdmin: ConfigSource = {
  id: 'phpmyadmin',
  files: ['config.inc.php', 'phpmyadmin/config.user.inc.php'],
  *parse(text): Generator<Setting> {
    let line = 0;
    for (const written of text.split('\n')) {
      line++;
      const code = written.trim();
      if (code.startsWith('//') || code.startsWith('#') || code.startsWith('*')) continue;
      const [, value] = /\[['"]AllowNoPassword['"]\]\s*=\s*(\w+)/.exec(code) ?? [];
      if (value !== undefined) yield { key: 'AllowNoPassword', value, line };
    }
  },
  keep: [[/^AllowNoPassword$/, 'plain']],
};

/** SV-017. */
export const php: ServiceRule = {
  id: 'SV-017',
  service: 'php',
  level: 'high',
  title: { en: 'PHP or phpMyAdmin with dangerous settings', zh: 'PHP/phpMyAdmin 危险配置' },
  description: {
    en: 'phpMyAdmin lets accounts without password in, or PHP includes code from other hosts. Shown errors, the shown version and functions that nobody restricted help whoever attacks.',
    zh: 'phpMyAdmin 允许空密码登录，或 PHP 允许包含远程代码。显示错误、暴露版本以及未限制危险函数会为攻击者提供便利。',
  },
  advice: {
    en: 'Set `AllowNoPassword` false, `allow_url_include = Off`, `display_errors = Off`, `expose_php = Off`, and list `disable_functions`.',
    zh: '设置 AllowNoPassword 为 false、allow_url_include = Off、display_errors = Off、expose_php = Off，并配置 disable_functions。',
  },
  packages:
    /^(php|php\d[\d.]*(-cli|-fpm|-cgi|-common)?|libapache2-mod-php\d[\d.]*|php-(cli|fpm|cgi|common)|phpmyadmin)$/,
  programs: ['php', 'php-fpm', 'php-cgi'],
  sources: [config, phpMyAdmin],
  judge(image, verdict) {
    for (const found of image.all(phpMyAdmin)) if (isOn(found.value)) verdict.bad(image.evidence(found));
    const files = image.files(config);
    if (files.every(({ path }) => !path.endsWith('/php.ini'))) {
      verdict.byDefault(image.here('no php.ini: errors and the version are shown'), 'low');
    }
    for (const found of image.all(config)) {
      const { key, value = '' } = found;
      if (key === 'allow_url_include' && isOn(value)) verdict.bad(image.evidence(found));
      else if (key === 'disable_functions' && value === '') verdict.bad(image.evidence(found), 'low');
      else if (/^(display_errors|expose_php)$/.test(key) && isOn(value)) verdict.bad(image.evidence(found), 'low');
    }
  },
};
