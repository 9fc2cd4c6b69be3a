import type { RiskEvidence } from '../../../contract.ts';
import type { CheckOutcome } from '../../contract.ts';
import { packageCheck } from '../../define-check.ts';
import { executedOptions } from '../../image-config/index.ts';
import { failIf, unknown } from '../../outcome.ts';
import { isPlain } from '../sources/index.ts';
import { type Configured, configured, noPackageManager } from './configured.ts';
import { foreignKeys, isForeign } from './origin.ts';

/** PK-001 */
export const unsignedRepository = packageCheck({
  id: 'PK-001',
  item: 'unsigned_repo',
  level: 'high',
  title: { en: 'Packages are accepted without a signature', zh: '接受未签名的软件包' },
  description: {
    en: 'A repository is trusted blindly ([trusted=yes], gpgcheck=0), or the package manager is told to accept what nobody signed: whoever answers for the server decides what is installed.',
    zh: '软件源被无条件信任（[trusted=yes]、gpgcheck=0），或包管理器被设置为接受未签名内容：控制该服务器者即可决定安装的内容。',
  },
  advice: {
    en: 'Turn verification on and install the key of the repository.',
    zh: '开启签名验证并安装该软件源的密钥。',
  },
  evaluate(context) {
    const found = configured(context);
    if (!found.any) return noPackageManager;
    const blind = found.repositories.flatMap(({ file, repository: { line, shown, unchecked } }) =>
      unchecked === null ? [] : [context.evidence(file, { line, excerpt: `${unchecked} ${shown}` })],
    );
    const settings = found.files.flatMap((file) =>
      (file.facts?.settings ?? []).map(({ line, text }) => context.evidence(file, { line, excerpt: text })),
    );
    return outcomeOf(found, [...blind, ...settings, ...executedOptions(context, 'apk', '--allow-untrusted')]);
  },
});

/** PK-002 */
export const plainRepository = packageCheck({
  id: 'PK-002',
  item: 'http_repo',
  level: 'low',
  title: { en: 'Packages come over plain HTTP', zh: '软件源使用明文 HTTP' },
  description: {
    en: 'An enabled repository is reached without TLS. Signatures still protect the content where they are checked; who listens learns what is installed and may withhold updates.',
    zh: '启用的软件源未使用 TLS。若校验签名，内容仍受保护，但窃听者可得知安装内容并阻止更新。',
  },
  advice: { en: 'Use https addresses.', zh: '使用 https 地址。' },
  evaluate(context) {
    const found = configured(context);
    if (!found.any) return noPackageManager;
    const plain = found.repositories
      .filter(({ repository }) => isPlain(repository))
      .map(({ file, repository: { line, shown } }) => context.evidence(file, { line, excerpt: shown }));
    return outcomeOf(found, plain);
  },
});

/** PK-003 */
export const thirdPartyRepository = packageCheck({
  id: 'PK-003',
  item: 'third_party_repo',
  level: 'low',
  title: { en: 'Packages come from others than the distribution', zh: '使用第三方软件源' },
  description: {
    en: 'A repository is enabled, or a key is trusted, that the distribution does not provide. Its owner may replace any package, and nobody tracks its vulnerabilities with those of the distribution. Mirrors of your own belong into trustedRepositories.',
    zh: '启用了非发行版提供的软件源，或信任了非发行版提供的密钥。其所有者可替换任何软件包，且其漏洞不在发行版的跟踪范围内。自建镜像站请列入 trustedRepositories。',
  },
  advice: {
    en: 'Review the repository, limit its key to it (Signed-By) and pin what comes from it, or remove it.',
    zh: '审查该软件源，将密钥限定于该源（Signed-By）并锁定其软件包版本，或将其移除。',
  },
  evaluate(context) {
    const found = configured(context);
    if (!found.any) return noPackageManager;
    const foreign = found.repositories
      .filter(({ file, repository }) => isForeign(context, file.path, repository))
      .map(({ file, repository: { line, shown } }) => context.evidence(file, { line, excerpt: shown }));
    return outcomeOf(found, [...foreign, ...foreignKeys(context)]);
  },
});

function outcomeOf({ unreadable }: Configured, evidence: readonly RiskEvidence[]): CheckOutcome {
  if (evidence.length === 0 && unreadable)
    return unknown('too_large', 'A list of repositories is larger than what is read.');
  return failIf(evidence);
}
