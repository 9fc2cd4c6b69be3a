import type { ServiceRule } from '../contract.ts';
import { logicalLines } from '../formats/lines.ts';
import { sectionDirectives } from '../formats/sections.ts';
import type { Setting } from '../formats/setting.ts';
import { isOff, isOn } from '../hosts.ts';
import type { ServiceImage } from '../image.ts';
import type { ConfigSource } from '../source.ts';
import type { Verdict } from '../verdict.ts';

const vsftpd: ConfigSource = {
  id: 'vsftpd',
  files: ['vsftpd.conf', 'vsftpd/*.conf'],
  *parse(text): Generator<Setting> {
    for (const { text: written, line } of logicalLines(text, '#')) {
      const equals = written.indexOf('=');
      if (equals > 0) yield { key: written.slice(0, equals), value: written.slice(equals + 1).trim(), line };
    }
  },
  keep: [[/^(anonymous_enable|anon_upload_enable|anon_mkdir_write_enable|anon_other_write_enable)$/, 'plain']],
};

const proftpd: ConfigSource = {
  id: 'proftpd',
  files: ['proftpd.conf', 'proftpd/conf.d/*.conf'],
  *parse(text): Generator<Setting> {
    for (const { name, args, line } of sectionDirectives(text)) {
      if (name === 'anonymous') yield { key: '<Anonymous', value: args.join(' '), line };
    }
  },
  keep: [[/^/, 'plain']],
};

const pureFtpd: ConfigSource = {
  id: 'pure-ftpd',
  files: ['pure-ftpd/conf/NoAnonymous', 'pure-ftpd.conf'],
  *parse(text, path): Generator<Setting> {
    for (const { text: written, line } of logicalLines(text, '#')) {
      const [key = '', value = ''] = path.endsWith('.conf') ? written.split(/\s+/) : ['NoAnonymous', written];
      yield { key, value, line };
    }
  },
  keep: [[/^NoAnonymous$/, 'plain']],
};

function judgeVsftpd(image: ServiceImage, verdict: Verdict): void {
  const anonymous = image.last(vsftpd, 'anonymous_enable');
  if (anonymous === undefined) verdict.byDefault(image.here('anonymous_enable is YES unless it is set'));
  if (anonymous === undefined || !isOn(anonymous.value)) return;
  verdict.bad(image.evidence(anonymous));
  for (const found of image.all(vsftpd, /^anon_/)) if (isOn(found.value)) verdict.bad(image.evidence(found));
}

/** SV-019. */
export const ftp: ServiceRule = {
  id: 'SV-019',
  service: 'ftp',
  level: 'high',
  title: { en: 'FTP lets anonymous visitors in', zh: 'FTP 匿名访问' },
  description: {
    en: 'Nobody needs an account to read files, and sometimes to write them.',
    zh: '无需账号即可读取文件，有时还可以写入。',
  },
  advice: {
    en: 'Set `anonymous_enable=NO`, remove `<Anonymous>` sections, or use SFTP.',
    zh: '设置 anonymous_enable=NO，删除 <Anonymous> 配置段，或改用 SFTP。',
  },
  packages: /^(vsftpd|proftpd|proftpd-(basic|core)|pure-ftpd)$/,
  programs: ['vsftpd', 'proftpd', 'pure-ftpd'],
  sources: [vsftpd, proftpd, pureFtpd],
  judge(image, verdict) {
    if (image.programs(['vsftpd']).length > 0) judgeVsftpd(image, verdict);
    for (const found of image.all(proftpd)) verdict.bad(image.evidence(found));
    for (const found of image.all(pureFtpd)) if (isOff(found.value)) verdict.bad(image.evidence(found));
  },
};
