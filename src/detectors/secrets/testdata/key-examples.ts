import { generateKeyPairSync } from 'node:crypto';
import type { Example } from './examples.ts';
import { armor, keystore, made, madeBytes, openSshBody, sequence } from './made.ts';

const pkcs8 = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'der', type: 'pkcs8' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const account = {
  type: 'service_account',
  private_key_id: made(40, '0123456789abcdef'),
  private_key: armor('', rsa.privateKey.export({ format: 'der', type: 'pkcs8' })),
  client_email: 'x@y.test.example',
};
const twice = Buffer.from(armor('', ec)).toString('base64');
const bag = Buffer.from('060b2a864886f70d010c0a0102', 'hex');
const pfx = (bagId: Buffer): Buffer => sequence(Buffer.from('020103', 'hex'), sequence(bagId, madeBytes(400)));

/** Key material: made in this process, or of the right form and without meaning. */
export const keyExamples: Readonly<Record<string, Example>> = {
  common_private_key: {
    yes: armor('', pkcs8),
    no: armor('', Buffer.from('this is no key, it only is long enough to be one')).replace('PRIVATE', 'PRIVATE'),
  },
  k8s_client_key: { yes: `users:\n- user:\n    client-key-data: ${twice}\n`, no: `client-certificate-data: ${Buffer.from('-----BEGIN CERTIFICATE-----'.padEnd(300, 'x')).toString('base64')}` },
  puttygen_private_key: {
    path: 'home/me/key.ppk',
    yes: `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPublic-Lines: 1\n${made(64)}\nPrivate-Lines: 1\n${made(48)}\nPrivate-MAC: ${made(64, '0123456789abcdef')}\n`,
    no: 'Files start with PuTTY-User-Key-File-3: and the name of the algorithm.\n',
  },
  otr_private_key: {
    path: 'home/me/.purple/otr.private_key',
    yes: `(privkeys\n (account\n(name me)\n(protocol prpl-jabber)\n(private-key \n (dsa \n  (p #${made(64, '0123456789ABCDEF')}#)\n )\n )\n )\n)\n`,
    no: '(privkeys (account (name me) (private-key (dsa (p #)))))\n',
  },
  'googlecloud_api_key/account': {
    yes: JSON.stringify(account, null, 2),
    no: JSON.stringify({ ...account, private_key: 'in the vault' }, null, 2),
  },
  java_keystore: { path: 'srv/app.jks', yes: keystore(1), no: keystore(2) },
  pkcs_cred: { path: 'srv/app.keys', yes: pfx(bag), no: sequence(Buffer.from('020100', 'hex'), bag, Buffer.alloc(300)) },
  'pkcs_private_key/der': { path: 'srv/server.key', yes: ec, no: rsa.publicKey.export({ format: 'der', type: 'spki' }) },
  'pgp/gnupg': {
    path: 'root/.gnupg/private-keys-v1.d/X.key',
    yes: 'Created: 20240101T000000\nKey: (private-key (ecc (curve Ed25519)(flags eddsa)(q #40AA#)(d #00#)))\n',
    no: 'Created: 20240101T000000\nKey: (shadowed-private-key (ecc (curve Ed25519)))\n',
  },
  'pgp/keyring': {
    path: 'root/.gnupg/secring.gpg',
    // Old format, tag 5, version 4, RSA with two numbers of 16 bits, usage of a passphrase.
    yes: Buffer.concat([Buffer.from('9500800400000000010010ffff0010ffff', 'hex'), Buffer.from('fe0703', 'hex'), Buffer.alloc(64)]),
    no: Buffer.concat([Buffer.from('9900800400000000010010ffff0010ffff', 'hex'), Buffer.alloc(64)]),
  },
  macos_keychain: {
    path: 'home/me/login.keychain',
    yes: Buffer.concat([Buffer.from('kych'), Buffer.from([0, 1, 0, 0]), Buffer.alloc(60)]),
    no: Buffer.concat([Buffer.from('kych'), Buffer.from([9, 9, 9, 9]), Buffer.alloc(60)]),
  },
  'jetbrains_ides/kdbx': {
    path: 'root/.config/JetBrains/IntelliJIdea2024.1/c.kdbx',
    yes: Buffer.concat([Buffer.from('03d9a29a67fb4bb5', 'hex'), Buffer.alloc(64)]),
    no: Buffer.concat([Buffer.from('03d9a29a00000000', 'hex'), Buffer.alloc(64)]),
  },
  'common_cred/kdbx': {
    path: 'root/passwords.kdbx',
    yes: Buffer.concat([Buffer.from('03d9a29a67fb4bb5', 'hex'), Buffer.alloc(64)]),
    no: Buffer.alloc(64),
  },
};

/** An armored key of OpenSSH with or without a passphrase. */
export const openSshKey = (cipher: string): string => armor('OPENSSH ', openSshBody(cipher));
