import type { ServiceRule } from '../contract.ts';
import { yamlSettings } from '../formats/tree.ts';
import { isOff, isOn } from '../hosts.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'kubelet',
  files: ['kubelet/config.yaml', 'kubelet-config.yaml', 'kubelet-config.yml', 'kubelet-config.json', 'kubelet.yaml'],
  parse: yamlSettings,
  keep: [[/^(kind|authentication\.anonymous\.enabled|authorization\.mode|readOnlyPort)$/, 'plain']],
};

const kubeconfig: ConfigSource = {
  id: 'kubeconfig',
  files: ['.kube/config', 'kubernetes/*.conf', 'kubelet/kubeconfig', 'kubeconfig', 'kubeconfig.yaml', '*.kubeconfig'],
  parse: yamlSettings,
  keep: [
    [/^kind$/, 'plain'],
    [/^users\.\d+\.user\.(client-key-data|token|password)$/, []],
  ],
};

/** SV-023. */
export const kubelet: ServiceRule = {
  id: 'SV-023',
  service: 'kubelet',
  level: 'high',
  title: {
    en: 'kubelet open to everybody, or credentials of a cluster in the image',
    zh: 'kubelet 未授权访问或集群凭证泄露',
  },
  description: {
    en: 'kubelet answers anonymous requests or allows everything, or a kubeconfig carries the key or token of an account: a cluster can be taken over.',
    zh: 'kubelet 允许匿名请求或放行所有操作，或 kubeconfig 内嵌账号密钥/令牌：集群可被接管。',
  },
  advice: {
    en: 'Set `authentication.anonymous.enabled: false` and `authorization.mode: Webhook`; mount kubeconfig files at run time.',
    zh: '设置 authentication.anonymous.enabled: false 与 authorization.mode: Webhook；kubeconfig 在运行时挂载。',
  },
  packages: /^(kubelet|kubernetes-node|kubernetes[\d.]*-kubelet)$/,
  programs: ['kubelet', 'k3s'],
  sources: [config, kubeconfig],
  telling: [kubeconfig],
  judge(image, verdict) {
    const { options } = image;
    const anonymous = options?.get('anonymous-auth');
    if (anonymous !== undefined && !isOff(anonymous)) verdict.bad(image.optionEvidence('--anonymous-auth=true'));
    if (options?.get('authorization-mode') === 'AlwaysAllow') {
      verdict.bad(image.optionEvidence('--authorization-mode=AlwaysAllow'));
    }
    const written = image.last(config, 'authentication.anonymous.enabled');
    if (anonymous === undefined && isOn(written?.value) && written) verdict.bad(image.evidence(written));
    const mode = image.last(config, 'authorization.mode');
    if (mode?.value === 'AlwaysAllow') verdict.bad(image.evidence(mode));
    const port = image.last(config, 'readOnlyPort');
    if (port !== undefined && port.value !== '0') verdict.bad(image.evidence(port));
    for (const found of image.all(kubeconfig, /^users\./)) {
      if (found.secret === 'set') verdict.bad(image.evidence(found));
    }
    // Options alone, without a file: what is not said is allowed.
    const asked = options?.get('config') === undefined && image.files(config).length === 0;
    const says = anonymous !== undefined || options?.get('authorization-mode') !== undefined;
    if (asked && !says && image.programs(['kubelet']).length > 0) {
      verdict.byDefault(image.here('without a configuration kubelet allows anonymous requests'));
    }
  },
};
