import type { ServiceRule } from '../contract.ts';
import { directives, ini, logicalLines } from '../formats/lines.ts';
import type { Setting } from '../formats/setting.ts';
import { hostOf, isLocal } from '../hosts.ts';
import type { ConfigFile, ServiceImage } from '../image.ts';
import type { ConfigSource } from '../source.ts';
import type { Verdict } from '../verdict.ts';

const rsync: ConfigSource = {
  id: 'rsyncd',
  files: ['rsyncd.conf', 'rsyncd.d/*.conf', 'rsyncd.d/*.inc'],
  *parse(text): Generator<Setting> {
    for (const { text: line, line: number } of logicalLines(text, '#')) {
      const module = /^\[([^\]]*)\]/.exec(line)?.[1];
      if (module !== undefined) yield { key: `module ${module.trim()}`, value: '', line: number };
    }
    // Blanks inside of names mean nothing.
    for (const { key, value, line } of ini(text)) yield { key: key.replaceAll(/\s+/g, ''), value, line };
  },
  keep: [[/^module |(^|\/)(authusers|hostsallow)$/, 'plain']],
};

const exportsFile: ConfigSource = {
  id: 'nfs-exports',
  files: ['etc/exports', 'exports.d/*.exports'],
  *parse(text): Generator<Setting> {
    for (const { text: written, line } of logicalLines(text, '#', true)) {
      if (/[(,]no_root_squash[),]/.test(written)) yield { key: 'no_root_squash', value: written, line };
    }
  },
  keep: [[/^/, 'plain']],
};

const snmp: ConfigSource = {
  id: 'snmpd',
  files: ['snmpd.conf', 'snmpd.conf.d/*.conf'],
  *parse(text): Generator<Setting> {
    for (const { key, value, line } of directives(text)) {
      if (key === 'agentaddress') yield { key, value, line };
      const words = value.split(/\s+/);
      // `rocommunity name [source]`; `com2sec [-Cn context] sec source name`.
      if (/^r[ow]community6?$/.test(key)) yield { key: `${key} from ${words[1] ?? ''}`, value: words[0] ?? '', line };
      if (/^com2sec6?$/.test(key)) yield { key: `${key} from ${words.at(-2) ?? ''}`, value: words.at(-1) ?? '', line };
    }
  },
  keep: [
    [/^agentaddress$/, 'plain'],
    [/ from /, ['public', 'private']],
  ],
};

function judgeRsync(image: ServiceImage, file: ConfigFile, verdict: Verdict): void {
  const value = (key: string): string => file.settings.findLast((setting) => setting.key === key)?.value ?? '';
  for (const setting of file.settings) {
    if (!setting.key.startsWith('module ') || setting.key === 'module global') continue;
    const name = setting.key.slice(7).toLowerCase().replaceAll(/\s+/g, '');
    const users = value(`${name}/authusers`) || value('authusers') || value('global/authusers');
    const allowed = (value(`${name}/hostsallow`) || value('hostsallow')).split(/[\s,]+/).filter(Boolean);
    const local = allowed.length > 0 && allowed.every(isLocal);
    if (users === '' && !local) verdict.bad(image.evidence({ ...setting, file, value: 'has no auth users' }));
  }
}

function judgeSnmp(image: ServiceImage, verdict: Verdict): void {
  const addresses = image.all(snmp, 'agentaddress').flatMap(({ value = '' }) => value.split(/[\s,]+/));
  const isInside = (address: string): boolean => isLocal(hostOf(address.replace(/^(udp6?|tcp6?):/, '')));
  if (addresses.length > 0 && addresses.every(isInside)) return;
  for (const found of image.all(snmp, / from /)) {
    const source = found.key.slice(found.key.indexOf(' from ') + 6);
    if (found.secret === 'default' && !(source !== '' && isLocal(source))) verdict.bad(image.evidence(found));
  }
}

/** SV-020. */
export const sharing: ServiceRule = {
  id: 'SV-020',
  service: 'rsync_nfs_snmp',
  level: 'high',
  title: { en: 'rsync, NFS or SNMP without authentication', zh: 'rsync/NFS/SNMP 未授权访问' },
  description: {
    en: 'An rsync module asks for no user, an NFS export lets root stay root, or SNMP answers to the community names that everybody tries.',
    zh: 'rsync 模块不要求用户认证、NFS 导出允许 root 保持 root 权限，或 SNMP 使用众所周知的团体名。',
  },
  advice: {
    en: 'Set `auth users` with a secrets file, remove `no_root_squash`, and use SNMPv3 or other community names.',
    zh: '设置 auth users 和密码文件，删除 no_root_squash，使用 SNMPv3 或修改团体名。',
  },
  packages: /^(rsync|rsync-daemon|nfs-kernel-server|nfs-utils|snmpd|net-snmp)$/,
  programs: ['rsync', 'rsyncd', 'rpc.nfsd', 'exportfs', 'snmpd'],
  sources: [rsync, exportsFile, snmp],
  judge(image, verdict) {
    for (const file of image.files(rsync)) judgeRsync(image, file, verdict);
    for (const found of image.all(exportsFile)) verdict.bad(image.evidence(found));
    judgeSnmp(image, verdict);
  },
};
