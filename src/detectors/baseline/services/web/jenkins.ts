import type { ServiceRule } from '../contract.ts';
import type { Setting } from '../formats/setting.ts';
import { xmlElements } from '../formats/xml.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'jenkins',
  files: ['jenkins_home/config.xml', 'jenkins/config.xml', '.jenkins/config.xml', 'ref/config.xml'],
  *parse(text): Generator<Setting> {
    for (const { path, attributes, text: value, line } of xmlElements(text)) {
      if (path === 'hudson/useSecurity') yield { key: 'useSecurity', value, line };
      if (path === 'hudson/authorizationStrategy') {
        yield { key: 'authorizationStrategy', value: attributes.class ?? '', line };
      }
    }
  },
  keep: [[/^/, 'plain']],
};

/** SV-009. */
export const jenkins: ServiceRule = {
  id: 'SV-009',
  service: 'jenkins',
  level: 'high',
  title: { en: 'Jenkins without security', zh: 'Jenkins 未授权访问' },
  description: {
    en: 'Security is off or everybody may do everything: strangers run commands through the script console.',
    zh: '未启用安全控制或允许任何人执行任何操作：陌生人可通过脚本控制台执行命令。',
  },
  advice: {
    en: 'Set `useSecurity` true with an authorization strategy that names who may do what.',
    zh: '将 useSecurity 设为 true，并使用按用户授权的策略。',
  },
  packages: /^(jenkins|org\.jenkins-ci\.main:jenkins-core|org\.jenkins-ci\.main:jenkins-war)$/,
  programs: ['jenkins', 'jenkins.war'],
  sources: [config],
  judge(image, verdict) {
    for (const found of image.all(config)) {
      const { key, value = '' } = found;
      if (key === 'useSecurity' ? value === 'false' : /\$Unsecured$/.test(value)) verdict.bad(image.evidence(found));
    }
    if (image.files(config).length > 0) return;
    // Without the wizard nobody sets a password, and a fresh Jenkins lets everybody in.
    const skipped = ['JAVA_OPTS', 'JENKINS_JAVA_OPTS', 'JENKINS_JAVA_OPTIONS'].find((name) =>
      image.env(name)?.includes('jenkins.install.runSetupWizard=false'),
    );
    if (skipped !== undefined) {
      verdict.byDefault(image.envEvidence(skipped, '-Djenkins.install.runSetupWizard=false'));
    }
  },
};
