import { argumentFile } from '../argument-file.ts';
import type { ServiceRule } from '../contract.ts';
import { isLocal, isOff } from '../hosts.ts';
import type { Found, ServiceImage } from '../image.ts';
import { optionsOf } from '../options.ts';
import type { ConfigSource } from '../source.ts';

const options = /^web\.(enable-admin-api|enable-lifecycle|config\.file|listen-address)$/;
const prometheusFile: ConfigSource = {
  id: 'prometheus',
  files: ['default/prometheus', 'sysconfig/prometheus', 'conf.d/prometheus'],
  parse: argumentFile,
  keep: [[options, 'plain']],
};
const alertmanagerFile: ConfigSource = {
  id: 'alertmanager',
  files: ['default/prometheus-alertmanager', 'default/alertmanager', 'sysconfig/alertmanager'],
  parse: argumentFile,
  keep: [[options, 'plain']],
};

interface Given {
  readonly value: string;
  readonly found?: Found;
}

/** An option of one of the two servers, from the command or a file of its service. */
function given(image: ServiceImage, program: string, file: ConfigSource, name: string): Given | undefined {
  const value = optionsOf(image.context.image.settings, [program])?.all.get(name);
  if (value !== undefined) return { value };
  const found = image.last(file, name);
  return found && { value: found.value ?? '', found };
}

/** SV-025. */
export const prometheus: ServiceRule = {
  id: 'SV-025',
  service: 'prometheus',
  level: 'medium',
  title: { en: 'Prometheus or Alertmanager can be changed by strangers', zh: 'Prometheus/Alertmanager 未授权访问' },
  description: {
    en: 'The administrative interface or the life cycle of Prometheus, or Alertmanager as a whole, is open without authentication: data can be deleted, alerts silenced, the server stopped.',
    zh: 'Prometheus 的管理或生命周期接口，或整个 Alertmanager 未启用认证：可删除数据、屏蔽告警、停止服务。',
  },
  advice: {
    en: 'Leave `--web.enable-admin-api` and `--web.enable-lifecycle` out, or give `--web.config.file` with users.',
    zh: '不要启用 --web.enable-admin-api 与 --web.enable-lifecycle，或用 --web.config.file 配置用户认证。',
  },
  packages: /^(prometheus|prometheus-alertmanager|alertmanager)$/,
  programs: ['prometheus', 'alertmanager', 'prometheus-alertmanager'],
  sources: [prometheusFile, alertmanagerFile],
  judge(image, verdict) {
    const of = (name: string) => given(image, 'prometheus', prometheusFile, name);
    const guarded = of('web.config.file') !== undefined || isInside(of('web.listen-address'));
    for (const name of ['web.enable-admin-api', 'web.enable-lifecycle']) {
      const option = guarded ? undefined : of(name);
      if (option === undefined || isOff(option.value)) continue;
      verdict.bad(option.found ? image.evidence(option.found) : image.optionEvidence(`--${name}`));
    }
    const [manager] = image.programs(['alertmanager', 'prometheus-alertmanager']);
    if (manager === undefined) return;
    const alerts = (name: string) => given(image, 'alertmanager', alertmanagerFile, name);
    if (alerts('web.config.file') === undefined && !isInside(alerts('web.listen-address'))) {
      verdict.byDefault(image.here('Alertmanager is open unless --web.config.file is given'));
    }
  },
};

function isInside(address: Given | undefined): boolean {
  return address !== undefined && address.value !== '' && isLocal(address.value);
}
