import type { RiskEvidence, RiskLevel } from '../../../contract.ts';
import { passwdReader } from '../../accounts/files/passwd.ts';
import type { Check, CheckContext } from '../../contract.ts';
import { sshCheck } from '../../define-check.ts';
import { failIf, worst } from '../../outcome.ts';
import { authorizedKeysReader } from './authorized-keys.ts';
import { hostKeyReader } from './host-keys.ts';

const hostKey = sshCheck({
  id: 'SH-006',
  item: 'baked_host_key',
  level: 'high',
  title: { en: 'Private host key in the image', zh: '镜像中包含 SSH 主机私钥' },
  description: {
    en: 'A layer holds a private key of the SSH server, even if a later one removed it: all containers have it, and whoever pulls the image can pose as them.',
    zh: '某一层中包含 SSH 服务的私钥(即使已被后续层删除)：所有容器共用该密钥，任何能拉取镜像的人都可冒充这些服务。',
  },
  advice: {
    en: 'Remove the keys in the layer that makes them and generate them when a container starts.',
    zh: '在生成密钥的同一层中删除密钥，并在容器启动时生成。',
  },
  evaluate: (context) =>
    failIf(
      context.filesOfLayers(hostKeyReader).map((file) => {
        const { header = '', type = '' } = file.facts ?? {};
        return context.evidence(file, { line: 1, excerpt: `${header} (${type})` });
      }),
    ),
});

/** Whether a file lies in the home of root, or is that of root in a folder of the server. */
function isRoots(path: string, homes: readonly string[]): boolean {
  return (
    homes.some((home) => path.startsWith(`${home === '' ? '' : `${home}/`}.ssh/`)) ||
    /(^|\/)etc\/ssh\/.*\broot$/.test(path)
  );
}

function homesOfRoot(context: CheckContext): readonly string[] {
  const accounts = context.file(passwdReader, 'etc/passwd')?.facts?.records ?? [];
  const homes = accounts.filter(({ uid }) => uid === 0).map(({ home }) => home.replace(/^\/+|\/+$/g, ''));
  return [...new Set(['root', ...homes])].slice(0, 100);
}

const authorizedKeys = sshCheck({
  id: 'SH-007',
  item: 'authorized_keys',
  level: 'high',
  title: { en: 'Authorized keys in the image', zh: '镜像中包含 SSH 授权公钥' },
  description: {
    en: 'A layer holds keys that open an account: whoever has the private part can enter every container with an SSH server.',
    zh: '某一层中包含可登录账号的授权公钥，持有对应私钥的人可进入所有启用 SSH 的容器。',
  },
  advice: { en: 'Mount authorized_keys when the container starts.', zh: '在容器启动时挂载 authorized_keys。' },
  evaluate(context) {
    const homes = homesOfRoot(context);
    const evidence: RiskEvidence[] = [];
    const levels: RiskLevel[] = [];
    for (const file of context.filesOfLayers(authorizedKeysReader)) {
      if (file.facts === undefined) continue;
      levels.push(isRoots(file.path, homes) ? 'high' : 'medium');
      const [first] = file.facts.keys;
      const excerpt = `${file.facts.total} keys, the first ${first?.type ?? ''}`;
      evidence.push(context.evidence(file, { ...(first && { line: first.line }), excerpt }));
    }
    return failIf(evidence, { level: worst(levels) ?? 'high' });
  },
});

/** Checks of keys in any layer. */
export const sshKeyChecks: readonly Check[] = [hostKey, authorizedKeys];
