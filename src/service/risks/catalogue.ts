import { allChecks, classTitles, nameTitles, sensitiveRules, type Text } from '../../detectors/index.ts';
import type { CatalogueRule, RiskCatalogue, RiskKind } from '../contract/index.ts';

/** What the detectors of this version know of each kind. */
export function detectorCatalogue(kind: RiskKind): RiskCatalogue {
  known[kind] ??= make(kind);
  return known[kind];
}

const known: Partial<Record<RiskKind, RiskCatalogue>> = {};

function make(kind: RiskKind): RiskCatalogue {
  if (kind === 'malicious') return malicious();
  return kind === 'sensitive' ? sensitive() : checks(kind);
}

function checks(axis: 'baseline' | 'instruction'): RiskCatalogue {
  const rules = allChecks
    .filter((check) => check.axis === axis)
    .map(({ id, item: key, classKey, nameKey, level, title, description, advice }): CatalogueRule => {
      return { id, key, classKey, nameKey, level, title, description, advice };
    });
  return { rules, classes: classTitles, names: { ...classTitles, ...nameTitles } };
}

function sensitive(): RiskCatalogue {
  const rules = sensitiveRules.map(
    ({ key, class: classKey, level, title, description, advice, defaultOn }): CatalogueRule => {
      return { id: key, key, classKey, nameKey: classKey, level, title, description, advice, defaultOn };
    },
  );
  const classes = { password: { en: 'Passwords and credentials', zh: '口令与凭据' }, ...classTitles };
  return { rules, classes, names: classes };
}

const titles: Readonly<Record<string, Text>> = {
  TEST_IMG: { en: 'Test file', zh: '测试文件' },
  HASH_IMG: { en: 'Known malicious file', zh: '已知恶意文件' },
  TROJAN_IMG: { en: 'Trojan', zh: '木马程序' },
  MINER_IMG: { en: 'Cryptocurrency miner', zh: '挖矿程序' },
  ROOTKIT_IMG: { en: 'Rootkit', zh: 'Rootkit' },
  RANSOM_IMG: { en: 'Ransomware', zh: '勒索软件' },
  HACKTOOL_IMG: { en: 'Hacking tool', zh: '黑客工具' },
  EXPLOIT_IMG: { en: 'Exploit', zh: '漏洞利用程序' },
  WEBSHELL_IMG: { en: 'Web shell', zh: '网站后门' },
  BACKDOOR_IMG: { en: 'Reverse shell or backdoor', zh: '反弹Shell或后门' },
  PACKED_IMG: { en: 'Packed program', zh: '加壳程序' },
  HIDDEN_IMG: { en: 'Hidden program', zh: '隐藏程序' },
  SUID_IMG: { en: 'Suspicious setuid program', zh: '可疑的SUID程序' },
  TAMPERED_IMG: { en: 'Tampered system program', zh: '被篡改的系统程序' },
  PERSIST_IMG: { en: 'Suspicious start-up entry', zh: '可疑的启动项' },
  SSHKEY_IMG: { en: 'Suspicious SSH key', zh: '可疑的SSH公钥' },
  KMOD_IMG: { en: 'Unowned kernel module', zh: '来源不明的内核模块' },
  MALPKG_IMG: { en: 'Malicious package', zh: '恶意软件包' },
  UNSCANNED_IMG: { en: 'Could not be scanned', zh: '无法扫描的文件' },
  CACHE_IMG: { en: 'Cached bytecode without source', zh: '无源码的字节码缓存' },
  BUILDEXEC_IMG: { en: 'Downloaded and run while building', zh: '构建时下载并执行' },
};

function malicious(): RiskCatalogue {
  const none = { en: '', zh: '' };
  const rules = Object.entries(titles).map(([key, title]): CatalogueRule => {
    return { id: key, key, classKey: key, nameKey: key, level: levelOf(key), title, description: none, advice };
  });
  return { rules, classes: titles, names: titles };
}

const advice: Text = {
  en: 'Find out how the file came into the image, build the image again without it, and replace what runs from it.',
  zh: '查明该文件进入镜像的途径，重新构建不含该文件的镜像，并替换由其运行的容器。',
};

/** The usual level of a class (risks.md §3.5). */
function levelOf(key: string): CatalogueRule['level'] {
  if (['TEST_IMG', 'UNSCANNED_IMG', 'CACHE_IMG'].includes(key)) return 'remind';
  const serious = ['HASH_IMG', 'TROJAN_IMG', 'MINER_IMG', 'ROOTKIT_IMG', 'RANSOM_IMG', 'WEBSHELL_IMG', 'MALPKG_IMG'];
  return [...serious, 'EXPLOIT_IMG', 'BACKDOOR_IMG', 'TAMPERED_IMG'].includes(key) ? 'serious' : 'suspicious';
}
