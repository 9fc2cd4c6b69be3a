import type { SensitiveRule } from '../contract.ts';
import { advise, family } from './family.ts';

/** Private keys and the files in which they are kept. */
export const keyMaterialKeys: readonly SensitiveRule[] = family(
  {
    power: {
      en: 'take the place of the key’s owner, or read what was encrypted for them',
      zh: '冒充该密钥的所有者，或解密发送给其的数据',
    },
    advice: advise(
      'Replace the key wherever its public half is trusted, and mount the new one when the container starts. A passphrase only delays those who have the file.',
      '请在所有信任其公钥的地方更换该密钥，新密钥应在容器启动时挂载。口令只能延缓已获得文件的人。',
    ),
  },
  [
    ['ssh_private_key', 'high', 'SSH private key', 'SSH私钥'],
    ['rsa_private_key', 'high', 'RSA private key', 'RSA私钥'],
    ['ec_private_key', 'high', 'Elliptic curve private key', 'EC椭圆曲线私钥'],
    ['dsa_private_key', 'high', 'DSA private key', 'DSA私钥'],
    ['openssh_private_key', 'high', 'OpenSSH private key', 'OpenSSH私钥'],
    ['common_private_key', 'high', 'Private key', '通用私钥'],
    ['pem', 'low', 'PEM file with a private key that cannot be decoded', '包含无法解码的私钥的PEM文件'],
    ['pgp', 'high', 'OpenPGP secret keyring', 'OpenPGP私钥环'],
    ['pgp_private_key', 'high', 'OpenPGP private key block', 'OpenPGP私钥块'],
    ['pkcs_private_key', 'high', 'PKCS #8 private key', 'PKCS #8私钥'],
    ['pkcs_cred', 'medium', 'PKCS #12 file with a private key', '包含私钥的PKCS #12文件'],
    ['puttygen_private_key', 'high', 'PuTTY private key', 'PuTTY私钥'],
    ['otr_private_key', 'high', 'Off-the-Record messaging private key', 'OTR加密通讯私钥'],
    ['github_ssh_key', 'high', 'SSH private key for GitHub', 'GitHub的SSH私钥'],
    ['k8s_client_key', 'high', 'Kubernetes client key', 'Kubernetes客户端私钥'],
    ['java_keystore', 'medium', 'Java keystore with a private key', '包含私钥的Java密钥库'],
    ['macos_keychain', 'medium', 'macOS keychain', 'macOS钥匙串'],
  ],
);
