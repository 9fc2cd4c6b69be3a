import type { ServiceRule } from '../contract.ts';
import { assignments, properties } from '../formats/lines.ts';
import { yamlSettings } from '../formats/tree.ts';
import { anyOpen, isLocal, isOn } from '../hosts.ts';
import type { ServiceImage } from '../image.ts';
import type { ConfigSource } from '../source.ts';
import type { Verdict } from '../verdict.ts';

const etcdConfig: ConfigSource = {
  id: 'etcd',
  files: ['etcd.conf.yml', 'etcd.conf.yaml', 'etcd.yml', 'etcd.yaml', 'etcd.conf', 'default/etcd'],
  *parse(text, path) {
    if (/\.ya?ml$/.test(path)) yield* yamlSettings(text);
    // Variables of the service's environment: ETCD_LISTEN_CLIENT_URLS.
    else {
      for (const setting of assignments(text)) {
        const key = setting.key
          .replace(/^ETCD_/, '')
          .toLowerCase()
          .replaceAll('_', '-');
        yield { ...setting, key: key === 'client-cert-auth' ? 'client-transport-security.client-cert-auth' : key };
      }
    }
  },
  keep: [[/^(listen-client-urls|client-transport-security\.client-cert-auth)$/, 'plain']],
};

const zooConfig: ConfigSource = {
  id: 'zookeeper',
  files: ['zoo.cfg', 'zookeeper.properties'],
  parse: properties,
  keep: [
    [
      /^(4lw\.commands\.whitelist|clientPortAddress|clientPort|enforce\.auth\.(enabled|schemes)|sessionRequireClientSASLAuth|requireClientAuthScheme|authProvider\..*|ssl\.clientAuth)$/,
      'plain',
    ],
  ],
};

function judgeEtcd(image: ServiceImage, verdict: Verdict): void {
  const { options } = image;
  const written = image.last(etcdConfig, 'client-transport-security.client-cert-auth');
  const option = options?.get('client-cert-auth');
  const certificates =
    option !== undefined ? option === '' || isOn(option) : isOn(image.env('ETCD_CLIENT_CERT_AUTH') ?? written?.value);
  if (certificates) return;
  const given = options?.get('listen-client-urls');
  const variable = image.env('ETCD_LISTEN_CLIENT_URLS');
  const found = image.last(etcdConfig, 'listen-client-urls');
  if (given !== undefined) {
    if (anyOpen(given)) verdict.bad(image.optionEvidence(`--listen-client-urls ${given}`));
  } else if (variable !== undefined) {
    if (anyOpen(variable)) verdict.bad(image.envEvidence('ETCD_LISTEN_CLIENT_URLS', variable));
  } else if (found !== undefined && anyOpen(found.value ?? '')) verdict.bad(image.evidence(found));
}

function judgeZooKeeper(image: ServiceImage, verdict: Verdict): void {
  const words = image.last(zooConfig, '4lw.commands.whitelist');
  if (words?.value?.includes('*')) verdict.bad(image.evidence(words));
  const variable = image.env('ZOO_4LW_COMMANDS_WHITELIST');
  if (variable?.includes('*')) verdict.bad(image.envEvidence('ZOO_4LW_COMMANDS_WHITELIST', variable));
  const address = image.last(zooConfig, 'clientPortAddress')?.value;
  if (address !== undefined && isLocal(address)) return;
  const enforced = image.all(zooConfig, /^(enforce|sessionRequire|requireClientAuth|authProvider|ssl\.clientAuth)/);
  if (enforced.length === 0 && image.envSet('ZOO_ENABLE_AUTH') === undefined) {
    const expected = image.expected('ZOO_ENABLE_AUTH');
    if (expected !== undefined) verdict.atRuntime(expected);
    verdict.byDefault(image.here('ZooKeeper asks nobody who they are'));
  }
}

/** SV-010. */
export const coordination: ServiceRule = {
  id: 'SV-010',
  service: 'zk_etcd',
  level: 'high',
  title: { en: 'etcd or ZooKeeper is open to everybody', zh: 'ZooKeeper/etcd 未授权访问' },
  description: {
    en: 'etcd serves clients on open addresses without asking for certificates, or ZooKeeper has no authentication or answers all of its four-letter commands: configuration and secrets of a whole cluster can be read and changed.',
    zh: 'etcd 在开放地址上提供服务而不要求客户端证书，或 ZooKeeper 未启用认证、放开全部四字命令：整个集群的配置和密钥可被读取和修改。',
  },
  advice: {
    en: 'etcd: `--client-cert-auth` with a trusted CA. ZooKeeper: SASL or mutual TLS, and name the four-letter commands that are needed.',
    zh: 'etcd：使用受信任的 CA 启用 --client-cert-auth。ZooKeeper：启用 SASL 或双向 TLS，并只列出所需的四字命令。',
  },
  packages: /^(etcd|etcd-server|zookeeper|zookeeperd|org\.apache\.zookeeper:zookeeper)$/,
  programs: ['etcd', 'zkServer.sh', 'zookeeper-server-start.sh'],
  sources: [etcdConfig, zooConfig],
  judge(image, verdict) {
    const etcd = image.programs(['etcd']).length > 0 || image.files(etcdConfig).length > 0;
    if (etcd) judgeEtcd(image, verdict);
    // Kafka brings ZooKeeper's library and its sample file: a server is one that somebody configured.
    if (image.files(zooConfig).length > 0 || image.programs(['zkServer.sh']).length > 0) judgeZooKeeper(image, verdict);
  },
};
