import type { ServiceRule } from '../contract.ts';
import { ini } from '../formats/lines.ts';
import { isOn } from '../hosts.ts';
import type { Found, ServiceImage } from '../image.ts';
import { knownPasswords } from '../known-passwords.ts';
import type { ConfigSource } from '../source.ts';

const keep: ConfigSource['keep'] = [
  [/^security\/admin_password$/, knownPasswords],
  [/^security\/disable_initial_admin_creation$/, 'plain'],
  [/^auth\.anonymous\/(enabled|org_role)$/, 'plain'],
];
const config: ConfigSource = { id: 'grafana', files: ['grafana.ini', 'grafana/conf/custom.ini'], parse: ini, keep };

/** A value by file or variable, and its evidence. */
function settingOf(image: ServiceImage, key: string, variable: string): { value: string; found?: Found } | undefined {
  const given = image.env(variable);
  if (given !== undefined) return { value: given };
  const found = image.last(config, key);
  return found && { value: found.value ?? '', found };
}

/** SV-024. */
export const grafana: ServiceRule = {
  id: 'SV-024',
  service: 'grafana',
  level: 'medium',
  title: { en: 'Grafana with the shipped password or strangers as editors', zh: 'Grafana 默认口令或匿名编辑' },
  description: {
    en: 'The administrator has a password that everybody knows, or visitors without account may edit: data sources and their credentials can be used by strangers.',
    zh: '管理员使用众所周知的口令，或匿名访问者拥有编辑/管理权限：数据源及其凭证可被陌生人使用。',
  },
  advice: {
    en: 'Give `GF_SECURITY_ADMIN_PASSWORD` when the container starts, and leave anonymous access off or at `Viewer`.',
    zh: '启动容器时传入 GF_SECURITY_ADMIN_PASSWORD，并关闭匿名访问或仅授予 Viewer。',
  },
  packages: /^grafana(-enterprise)?$/,
  programs: ['grafana-server', 'grafana'],
  sources: [config],
  judge(image, verdict) {
    const role = settingOf(image, 'auth.anonymous/org_role', 'GF_AUTH_ANONYMOUS_ORG_ROLE');
    const anonymous = settingOf(image, 'auth.anonymous/enabled', 'GF_AUTH_ANONYMOUS_ENABLED');
    if (isOn(anonymous?.value) && role !== undefined && /^(editor|admin)$/i.test(role.value)) {
      const { found, value } = role;
      verdict.bad(found ? image.evidence(found) : image.envEvidence('GF_AUTH_ANONYMOUS_ORG_ROLE', value));
    }
    const variable = image.env('GF_SECURITY_ADMIN_PASSWORD');
    if (variable !== undefined) {
      if (knownPasswords.includes(variable)) {
        verdict.bad(image.envEvidence('GF_SECURITY_ADMIN_PASSWORD', '(default)'));
      }
      return;
    }
    if (image.envSet('GF_SECURITY_ADMIN_PASSWORD__FILE') !== undefined) return;
    if (isOn(image.last(config, 'security/disable_initial_admin_creation')?.value)) return;
    const password = image.last(config, 'security/admin_password');
    if (password?.secret === 'default' || password?.secret === 'empty') verdict.bad(image.evidence(password));
    else if (password?.secret === 'variable') verdict.atRuntime('security/admin_password');
    else if (password === undefined) verdict.byDefault(image.here('admin_password is not set: admin'));
  },
};
