import type { FileEntry } from '../../../image/index.ts';
import { isJsonObject, parseJson } from '../../../kernel/index.ts';
import type { RiskEvidence } from '../../contract.ts';
import type { CheckContext, FactReader } from '../contract.ts';
import { fileCheck } from '../define-check.ts';
import { failIf } from '../outcome.ts';

/** TCP addresses on which a container daemon is told to listen. */
export const daemonReader: FactReader<readonly string[]> = {
  id: 'container-daemon',
  version: 1,
  wants: ({ path }) => path.endsWith('etc/docker/daemon.json'),
  read(bytes) {
    try {
      const document = parseJson(bytes, { maxBytes: 1024 * 1024, maxDepth: 32 });
      const hosts = isJsonObject(document) ? document.hosts : undefined;
      if (!Array.isArray(hosts)) return [];
      return hosts
        .filter((host) => typeof host === 'string')
        .filter((host) => host.startsWith('tcp://'))
        .slice(0, 20)
        .map((host) => host.slice(0, 200));
    } catch {
      return undefined;
    }
  },
};

const sockets = /^(var\/)?run\/(docker\.sock|containerd\/containerd\.sock|crio\/crio\.sock|podman\/podman\.sock)$/;
const clusterCredentials =
  /^(etc\/kubernetes\/(admin|super-admin|kubelet|bootstrap-kubelet|controller-manager|scheduler)\.conf|etc\/kubernetes\/pki\/.*\.key|var\/lib\/kubelet\/(kubeconfig|pki\/.*\.(pem|key))|(var\/)?run\/secrets\/kubernetes\.io\/serviceaccount\/token|etc\/rancher\/k3s\/k3s\.yaml)$/;

/** Devices that every container gets from its runtime: major and minor numbers by name. */
const runtimeDevices: Readonly<Record<string, readonly [major: number, minor: number]>> = {
  ...{ null: [1, 3], zero: [1, 5], full: [1, 7], random: [1, 8], urandom: [1, 9] },
  ...{ tty: [5, 0], console: [5, 1], ptmx: [5, 2] },
};

function problemOf(entry: FileEntry): string | undefined {
  const { path, type } = entry;
  if (type === 'char' || type === 'block') {
    const ordinary = path.startsWith('dev/') ? runtimeDevices[path.slice(4)] : undefined;
    const [major, minor] = [entry.devMajor ?? 0, entry.devMinor ?? 0];
    // 0, 0 is how overlay file systems mark what they removed.
    const isMark = type === 'char' && major === 0 && minor === 0;
    const isOrdinary = type === 'char' && ordinary?.[0] === major && ordinary[1] === minor;
    return isMark || isOrdinary ? undefined : `${type === 'char' ? 'character' : 'block'} device ${major}:${minor}`;
  }
  if (sockets.test(path)) return 'socket of a container engine';
  if (type === 'directory') return undefined;
  if (clusterCredentials.test(path)) return 'credentials of a cluster';
  return /^(proc|sys)\//.test(path) ? `content below /${path.slice(0, path.indexOf('/'))}` : undefined;
}

function* daemonEvidence(context: CheckContext): Generator<RiskEvidence> {
  for (const { facts = [], ...place } of context.files(daemonReader)) {
    for (const host of facts) yield context.evidence(place, { excerpt: `hosts ${host}` });
  }
}

/** FS-010. */
export const containerEscape = fileCheck({
  id: 'FS-010',
  item: 'container_escape',
  level: 'high',
  title: { en: 'Ways out of the container', zh: '存在容器逃逸风险文件' },
  description: {
    en: 'The image carries the socket of a container engine, credentials of a cluster, device nodes, content below /proc or /sys, or an engine that listens on the network: each leads to the host or the cluster.',
    zh: '镜像中包含容器引擎的 socket、集群凭证、设备节点、/proc 或 /sys 下的内容，或监听网络的引擎配置：均可能影响宿主机或集群。',
  },
  advice: {
    en: 'Remove them from all layers; mount at run time what is really needed.',
    zh: '从所有层中删除；确有需要的在运行时挂载。',
  },
  evaluate(context) {
    const evidence: RiskEvidence[] = [];
    for (const [layer, { tree }] of context.layers.entries()) {
      for (const entry of tree.entries) {
        const excerpt = problemOf(entry);
        if (excerpt !== undefined) evidence.push(context.evidence({ path: entry.path, layer }, { excerpt }));
      }
    }
    return failIf([...evidence, ...daemonEvidence(context)]);
  },
});
