import { isJsonObject, type JsonValue } from '../kernel/index.ts';
import type { Account, Sealer } from './contract.ts';
import { AccessError } from './errors.ts';
import { ownerPolicy } from './policy/built-in.ts';
import type { AccessStore, AccessWriter } from './ports.ts';
import { hashPassword } from './secrets/passwords.ts';
import { newAccessKeyId, newAccountNumber, newHexId, newPassword, newSecret } from './secrets/random-names.ts';
import { sealKeySecret } from './secrets/sealed-keys.ts';
import { systemActor } from './system-actor.ts';

/** How the account is called; both may be changed at any start. */
export interface AccountNames {
  readonly name: string;
  readonly region: string;
}

/** The first administrator, to be shown once. */
export interface FirstAdministrator {
  readonly name: string;
  /** For the console; null when the key was given from outside. */
  readonly password: string | null;
  readonly accessKeyId: string;
  readonly secret: string;
}

const accountSetting = 'access.account';
const sealSetting = 'access.seal';
const sealedWords = 'drydock';
const adminName = 'admin';
/** Project `0` of the Huawei facade; everything belongs to it that nobody assigned elsewhere. */
export const defaultProject = { name: 'default', extId: '0' };

const system = systemActor('start');

/** Whether something was sealed in this store, so that a new master key would be the wrong one. */
export async function hasSealed(store: AccessStore): Promise<boolean> {
  return (await store.setting(sealSetting)) !== null;
}

/**
 * Makes what an installation needs once: account, default project, proof of the master key, first administrator.
 * Several processes may start at once: one makes them, the others find them.
 * @param bootstrap access key for the first administrator, instead of a random one with a password
 * @throws AccessError `master_key_mismatch`, `invalid_access_input`
 */
export async function prepareAccount(
  store: AccessStore,
  sealer: Sealer,
  names: AccountNames,
  now: number,
  bootstrap: { readonly id: string; readonly secret: string } | null,
): Promise<{ readonly account: Account; readonly firstAdministrator: FirstAdministrator | null }> {
  checkBootstrap(bootstrap);
  const known = await readAccount(store);
  if (known !== null && known.name === names.name && known.region === names.region) {
    await checkMasterKey(store, sealer);
    return { account: known, firstAdministrator: null };
  }
  // Hashing takes its time; not inside of the transaction.
  const password = bootstrap === null ? newPassword() : null;
  const hash = password === null ? null : await hashPassword(password);
  return store.write(async (writer) => {
    const before = await readAccount(writer);
    if (before !== null) await checkMasterKey(writer, sealer);
    const account = { ...(before ?? newAccount()), ...names };
    await writer.setSetting(accountSetting, account);
    if (before !== null) return { account, firstAdministrator: null };
    const seal = Buffer.from(sealer.seal(Buffer.from(sealedWords), sealSetting)).toString('base64');
    await writer.setSetting(sealSetting, seal);
    await writer.addProject(defaultProject, now);
    const key = bootstrap ?? { id: newAccessKeyId(), secret: newSecret() };
    await addAdministrator(writer, sealer, now, hash, key);
    return { account, firstAdministrator: { name: adminName, password, accessKeyId: key.id, secret: key.secret } };
  });
}

async function addAdministrator(
  writer: AccessWriter,
  sealer: Sealer,
  now: number,
  password: string | null,
  key: { readonly id: string; readonly secret: string },
): Promise<void> {
  const user = await writer.addUser({
    name: adminName,
    extId: newHexId(),
    password,
    disabled: false,
    epoch: 1,
    createdAt: now,
    updatedAt: now,
  });
  await writer.setGrants(user.id, [{ policy: ownerPolicy, projects: 'all' }]);
  await writer.addKey({
    id: key.id,
    userId: user.id,
    secret: sealKeySecret(sealer, key.id, key.secret),
    disabled: false,
    createdAt: now,
    expiresAt: null,
    lastUsedAt: null,
  });
  const detail = { name: adminName, accessKeyId: key.id, policy: ownerPolicy };
  await writer.audit({ actor: system, action: 'account.create', object: `user:${user.id}`, projectId: null, detail });
}

async function readAccount(reader: Pick<AccessStore, 'setting'>): Promise<Account | null> {
  const value = await reader.setting(accountSetting);
  return isJsonObject(value as JsonValue) ? (value as Account) : null;
}

const newAccount = (): Omit<Account, 'name' | 'region'> => ({
  number: newAccountNumber(),
  domainId: newHexId(),
  projectId: newHexId(),
});

async function checkMasterKey(reader: Pick<AccessStore, 'setting'>, sealer: Sealer): Promise<void> {
  const seal = await reader.setting(sealSetting);
  if (typeof seal === 'string') sealer.open(Buffer.from(seal, 'base64'), sealSetting);
}

function checkBootstrap(bootstrap: { readonly id: string; readonly secret: string } | null): void {
  if (bootstrap === null) return;
  if (/^[\w.-]{4,128}$/.test(bootstrap.id) && /^[\x21-\x7e]{8,128}$/.test(bootstrap.secret)) return;
  throw new AccessError('invalid_access_input', 'The access key of the first administrator cannot be used.', {
    field: 'bootstrap',
    hint: 'Give <id>:<secret>: 4 to 128 letters, digits, "_", "." or "-", then 8 to 128 printable characters.',
  });
}
