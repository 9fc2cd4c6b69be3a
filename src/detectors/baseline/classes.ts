import type { Text } from '../contract.ts';

/** Titles of classes and names of the baseline tree, by key (risks.md §2.2). */
export const classTitles: Readonly<Record<string, Text>> = {
  image_config: { en: 'Image configuration', zh: '镜像配置' },
  other: { en: 'Build instructions', zh: '构建指令' },
  identification: { en: 'Identity authentication', zh: '身份鉴别' },
  file_permission: { en: 'File permissions', zh: '文件权限' },
  access_control: { en: 'Access control', zh: '访问控制' },
  hc_image_exploit: { en: 'Unauthorized access', zh: '未授权访问' },
  package_trust: { en: 'Package trust', zh: '软件包可信' },
  ak_leak: { en: 'Access key leak', zh: 'Access Key泄露' },
};

/** Names below the classes; those that are called like their class are not listed again. */
export const nameTitles: Readonly<Record<string, Text>> = {
  ssh_config: { en: 'SSH configuration', zh: 'SSH配置' },
  pam_config: { en: 'PAM configuration', zh: 'PAM配置' },
  tls_material: { en: 'TLS certificates and keys', zh: 'TLS证书与密钥' },
};
