import type { ServiceRule } from '../contract.ts';
import { type Directive, nginxDirectives } from '../formats/blocks.ts';
import { sectionDirectives } from '../formats/sections.ts';
import type { Setting } from '../formats/setting.ts';
import type { ServiceImage } from '../image.ts';
import type { ConfigSource } from '../source.ts';
import type { Verdict } from '../verdict.ts';

const nginx: ConfigSource = {
  id: 'nginx',
  files: [
    'nginx.conf',
    'nginx/conf.d/*.conf',
    'nginx/http.d/*.conf',
    'nginx/default.d/*.conf',
    'snippets/*.conf',
  ].concat(['nginx/sites-available/*', 'nginx/sites-enabled/*', 'nginx/conf/*.conf', 'nginx/modules-enabled/*.conf']),
  *parse(text): Generator<Setting> {
    for (const directive of nginxDirectives(text)) {
      const { name, args, within, line } = directive;
      if (name === 'autoindex' || name === 'server_tokens') yield { key: name, value: args[0] ?? '', line };
      if (name === 'alias') {
        const location = within.at(-1) ?? '';
        if (leaves(location, args[0] ?? ''))
          yield { key: 'alias traversal', value: `${location} alias ${args[0]}`, line };
      }
    }
  },
  keep: [[/^/, 'plain']],
};

/** `location /x { alias /y/; }` also serves `/x../z`, which is beside the directory that was meant. */
function leaves(location: string, alias: string): boolean {
  const [word, ...args] = location.split(' ');
  if (word !== 'location' || !alias.endsWith('/')) return false;
  const [modifier, path = modifier] = args;
  if (path === undefined || modifier === '=' || modifier === '~' || modifier === '~*') return false;
  return path.startsWith('/') && !path.endsWith('/');
}

const apache: ConfigSource = {
  id: 'apache',
  files: [
    'httpd.conf',
    'apache2.conf',
    'apache2/conf-enabled/*.conf',
    'apache2/sites-enabled/*.conf',
    'httpd/conf.d/*.conf',
  ]
    .concat(['apache2/mods-enabled/*.conf', 'apache2/conf.d/*.conf', 'conf/extra/*.conf', '.htaccess'])
    .concat(['apache2/conf-available/*.conf', 'apache2/sites-available/*.conf', 'apache2/mods-available/*.conf']),
  *parse(text): Generator<Setting> {
    for (const directive of sectionDirectives(text)) {
      if (directive.name === 'traceenable')
        yield { key: 'TraceEnable', value: directive.args[0] ?? '', line: directive.line };
      if (directive.name === 'options') yield* optionsSetting(directive);
    }
  },
  keep: [[/^/, 'plain']],
};

function* optionsSetting({ args, within, line }: Directive): Generator<Setting> {
  const on = args.filter((arg) => /^\+?(indexes|all)$/i.test(arg));
  if (on.length > 0) yield { key: `Options ${within.at(-1) ?? ''}`.trim(), value: args.join(' '), line };
}

/** Debian keeps what it could use in `*-available`: only what a link enables is read by the server. */
function isEnabled(image: ServiceImage, path: string): boolean {
  const available = /^(.*\/)(\w+)-available\/([^/]+)$/.exec(path);
  if (available === null) return true;
  const [, before = '', kind = '', name = ''] = available;
  return image.context.view
    .children(`${before}${kind}-enabled`)
    .some((link) => link === name || image.context.entry(`${before}${kind}-enabled/${link}`)?.path === path);
}

function judgeNginx(image: ServiceImage, verdict: Verdict): void {
  const settings = image.all(nginx).filter(({ file }) => isEnabled(image, file.path));
  for (const found of settings) {
    if (found.key === 'alias traversal') verdict.bad(image.evidence(found));
    else if (found.key === 'autoindex' && found.value === 'on') verdict.bad(image.evidence(found), 'low');
    else if (found.key === 'server_tokens' && found.value !== 'off' && found.value !== '') {
      verdict.bad(image.evidence(found), 'low');
    }
  }
  if (settings.every(({ key }) => key !== 'server_tokens')) {
    verdict.byDefault(image.here('server_tokens is on unless it is switched off'), 'low');
  }
}

function judgeApache(image: ServiceImage, verdict: Verdict): void {
  const settings = image.all(apache).filter(({ file }) => isEnabled(image, file.path));
  for (const found of settings) {
    if (found.key.startsWith('Options')) verdict.bad(image.evidence(found), 'low');
  }
  const trace = settings.findLast(({ key }) => key === 'TraceEnable');
  if (trace === undefined) verdict.byDefault(image.here('TraceEnable is on unless it is switched off'), 'low');
  else if (!/^off$/i.test(trace.value ?? '')) verdict.bad(image.evidence(trace), 'low');
}

const nginxPrograms = ['nginx', 'openresty'];
const apachePrograms = ['httpd', 'apache2'];

/** SV-018. */
export const webServer: ServiceRule = {
  id: 'SV-018',
  service: 'web',
  level: 'medium',
  title: { en: 'Web server shows more than it should', zh: 'Web 服务器配置泄露信息' },
  description: {
    en: 'An nginx alias lets visitors out of the directory that was meant; listings of directories, versions and TRACE tell them about the server.',
    zh: 'nginx 的 alias 配置使访问者可以越出预期目录；目录列表、版本信息和 TRACE 会泄露服务器情况。',
  },
  advice: {
    en: 'End the location of an alias with `/`; set `autoindex off`, `server_tokens off`, `Options -Indexes`, `TraceEnable Off`.',
    zh: '使用 alias 的 location 以 / 结尾；设置 autoindex off、server_tokens off、Options -Indexes、TraceEnable Off。',
  },
  packages: /^(nginx|nginx-(core|light|full|extras|common|mainline|stable)|apache2|apache2-bin|httpd|httpd-core)$/,
  programs: [...nginxPrograms, ...apachePrograms],
  sources: [nginx, apache],
  judge(image, verdict) {
    if (image.programs(nginxPrograms).length > 0) judgeNginx(image, verdict);
    if (image.programs(apachePrograms).length > 0) judgeApache(image, verdict);
  },
};
