import type { ServiceRule } from '../contract.ts';
import { yamlSettings } from '../formats/tree.ts';
import { isLocal } from '../hosts.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'registry',
  files: ['docker/registry/*.yml', 'docker/registry/*.yaml', 'distribution/config.yml', 'docker-registry/config.yml'],
  parse: yamlSettings,
  keep: [[/^(version|http\.addr|auth\.(htpasswd|token|silly)|auth)$/, 'plain']],
};

/** SV-011. */
export const registry: ServiceRule = {
  id: 'SV-011',
  service: 'registry',
  level: 'medium',
  title: { en: 'Container registry without authentication', zh: '镜像仓库未授权访问' },
  description: {
    en: 'The registry has no `auth` section: everybody pulls, and pushes over, all images.',
    zh: '镜像仓库没有 auth 配置：任何人都可以拉取并覆盖推送所有镜像。',
  },
  advice: {
    en: 'Configure `auth` with htpasswd or a token service.',
    zh: '使用 htpasswd 或令牌服务配置 auth。',
  },
  packages: /^docker-registry$/,
  programs: ['registry', 'docker-registry'],
  sources: [config],
  judge(image, verdict) {
    if ([...image.context.image.settings.env].some((text) => /^REGISTRY_AUTH(_|=)/.test(text))) return;
    const files = image.files(config).filter(({ settings }) => settings.some(({ key }) => key === 'version'));
    for (const file of files) {
      const has = (key: RegExp) => file.settings.find((setting) => key.test(setting.key));
      const address = image.env('REGISTRY_HTTP_ADDR') ?? has(/^http\.addr$/)?.value ?? '';
      const isSilly = has(/^auth\.silly$/) !== undefined;
      const guarded = has(/^auth\.(htpasswd|token)$/) !== undefined && !isSilly;
      if (!guarded && !isLocal(address)) {
        verdict.bad(image.missing(file, isSilly ? 'auth.silly lets everybody in' : 'no auth section'));
      }
    }
    if (files.length === 0) verdict.byDefault(image.here('no configuration with an auth section'));
  },
};
