import type { ServiceRule } from '../contract.ts';
import { yamlSettings } from '../formats/tree.ts';
import { isLocal, isOff, isOn } from '../hosts.ts';
import type { ServiceImage } from '../image.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'elasticsearch',
  files: ['elasticsearch.yml', 'opensearch.yml'],
  parse: yamlSettings,
  keep: [
    [/^(xpack\.security\.enabled|plugins\.security\.disabled|opendistro_security\.disabled)$/, 'plain'],
    [/^(network\.(host|bind_host)|http\.host)(\.0)?$/, 'plain'],
  ],
};

const switches: readonly { readonly key: string; readonly env: readonly string[]; readonly bad: typeof isOn }[] = [
  { key: 'xpack.security.enabled', env: ['xpack.security.enabled', 'ES_SETTING_XPACK_SECURITY_ENABLED'], bad: isOff },
  {
    key: 'plugins.security.disabled',
    env: ['plugins.security.disabled', 'DISABLE_SECURITY_PLUGIN'],
    bad: isOn,
  },
  { key: 'opendistro_security.disabled', env: ['opendistro_security.disabled'], bad: isOn },
];

/** Whether a release leaves security off unless it is switched on: those before 8. */
function isOffByDefault(image: ServiceImage): boolean {
  const versions = image.versions(/(^|:)elasticsearch$/);
  return versions.length > 0 && versions.every((version) => Number.parseInt(version.replace(/^\d+:/, ''), 10) < 8);
}

/** Where a node listens is loopback unless somebody says otherwise. */
function listensOutside(image: ServiceImage): boolean {
  const hosts = image.all(config, /^(network|http)\./).map(({ value = '' }) => value);
  const variable = image.env('network.host');
  return [...hosts, ...(variable === undefined ? [] : [variable])].some(
    (host) => host !== '' && host !== '_local_' && host !== '{}' && !isLocal(host),
  );
}

/** SV-003. */
export const elasticsearch: ServiceRule = {
  id: 'SV-003',
  service: 'es',
  level: 'high',
  title: { en: 'Elasticsearch or OpenSearch without security', zh: 'Elasticsearch 未授权访问' },
  description: {
    en: 'The security features are off: the REST interface answers anybody, without a user and without TLS.',
    zh: '安全功能未启用：REST 接口无需用户认证且不使用 TLS，任何人都可以访问。',
  },
  advice: {
    en: 'Set `xpack.security.enabled: true` (OpenSearch: remove `plugins.security.disabled`), set up users and TLS.',
    zh: '设置 xpack.security.enabled: true（OpenSearch 删除 plugins.security.disabled），并配置用户与 TLS。',
  },
  packages:
    /^(elasticsearch|elasticsearch-oss|opensearch|org\.elasticsearch:elasticsearch|org\.opensearch:opensearch)$/,
  programs: ['elasticsearch', 'opensearch'],
  sources: [config],
  judge(image, verdict) {
    for (const { key, env, bad } of switches) {
      const variable = image.envSet(...env);
      const option = image.options?.all.get(`E${key}`);
      if (variable !== undefined) {
        if (bad(image.env(variable))) verdict.bad(image.envEvidence(variable, image.env(variable)));
        else if (key === 'xpack.security.enabled') return;
        continue;
      }
      if (option !== undefined) {
        if (bad(option)) verdict.bad(image.optionEvidence(`-E${key}=${option}`));
        continue;
      }
      const written = image.last(config, key);
      if (written !== undefined && bad(written.value)) verdict.bad(image.evidence(written));
    }
    const isSet = image.last(config, 'xpack.security.enabled') !== undefined;
    if (!isSet && isOffByDefault(image) && listensOutside(image)) {
      verdict.byDefault(image.here('xpack.security.enabled is not set, off by default before release 8'));
    }
  },
};
