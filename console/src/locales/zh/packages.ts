import type { packages as original } from '../en/packages.ts';
import type { Same } from '../same.ts';

export const packages: Same<typeof original> = {
  title: '软件包',
  subtitle: '存在漏洞结果的软件包。搜索名称可查看其所有版本，无论是否存在漏洞。',
  subtitleNamed: '名称包含此内容的软件包的所有版本，无论是否存在漏洞。',
  search: '按名称搜索软件包',
  searchHint: '软件包名称，例如 openssl',
  column: {
    name: '软件包',
    version: '版本',
    type: '类型',
    images: '镜像',
    findings: '结果',
    purl: '软件包 URL',
  },
  tab: { vulnerabilities: '漏洞', images: '镜像', versions: '版本' },
  allVersions: '所有版本',
  toAllVersions: '显示所有版本',
  ignore: '忽略',
  empty: '没有存在漏洞结果的软件包',
  emptyHint: '搜索名称还可以查看没有漏洞结果的软件包。',
  noName: '要查看哪个软件包？',
  toList: '查看所有软件包',
  noImages: '没有镜像包含它',
  noImagesHint: '目前标签所指向的镜像都不包含此软件包。',
  noFindings: '没有已知问题',
  noFindingsHint: '在包含此软件包的镜像中，没有公告提及它。',
};
