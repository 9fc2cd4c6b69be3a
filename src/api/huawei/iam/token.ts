import type { AccessControl, Account } from '../../../access/index.ts';
import { hasCode, isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../../kernel/index.ts';
import { iamRefusals, throttled } from '../errors.ts';

/**
 * Password sign-in of the identity service (huawei.md §6).
 * @throws HuaweiRefusal in the shape of the identity service
 */
export async function issueToken(
  body: Uint8Array,
  address: string,
  access: AccessControl,
): Promise<{ readonly token: string; readonly answer: object }> {
  const { account } = access;
  const auth = field(parse(body), 'auth');
  const user = field(field(field(auth, 'identity'), 'password'), 'user');
  const methods = need(field(auth, 'identity'), 'methods');
  if (!Array.isArray(methods) || methods.length !== 1 || methods[0] !== 'password') throw iamRefusals.invalidBody();
  const name = text(user, 'name');
  const password = text(user, 'password');
  const domain = optional(user, 'domain');
  const foreign = domain !== undefined && !namesAccount(domain, account);
  const project = scopeOf(auth, account);
  const signed = await signIn(access, {
    // An unknown account fails like a wrong password, after the same work.
    name: foreign ? `${name}\u0000` : name,
    password,
    address,
    projectExtId: project?.id ?? null,
  });
  const iso = (time: number): string => new Date(time).toISOString().replace('Z', '000Z');
  const owner = { id: account.domainId, name: account.name };
  return {
    token: signed.token,
    answer: {
      token: {
        methods: ['password'],
        issued_at: iso(signed.issuedAt),
        expires_at: iso(signed.expiresAt),
        user: {
          domain: owner,
          id: String(signed.principal.userId).padStart(32, '0'),
          name: signed.principal.name,
          password_expires_at: '',
        },
        ...(project === null ? { domain: owner } : { project: { domain: owner, id: project.id, name: project.name } }),
        catalog: [],
        roles: signed.principal.grants.map(({ policy }) => ({ id: '0', name: policy.name })),
      },
    },
  };
}

async function signIn(
  access: AccessControl,
  input: Parameters<AccessControl['signIn']>[0],
): ReturnType<AccessControl['signIn']> {
  try {
    return await access.signIn(input);
  } catch (error) {
    if (hasCode(error, 'locked')) throw iamRefusals.locked();
    if (hasCode(error, 'bad_credentials')) throw iamRefusals.incorrect();
    if (hasCode(error, 'sign_in_busy')) throw throttled();
    throw error;
  }
}

/** Project of the scope; null = the whole account. With both, the project wins. */
function scopeOf(auth: JsonObject, account: Account): { readonly id: string; readonly name: string } | null {
  const scope = optional(auth, 'scope');
  const project = scope === undefined ? undefined : optional(scope, 'project');
  if (project === undefined) {
    const domain = scope === undefined ? undefined : optional(scope, 'domain');
    if (domain !== undefined && !namesAccount(domain, account)) throw iamRefusals.incorrect();
    return null;
  }
  const { id, name } = project;
  if (typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id)) return { id, name: account.region };
  if (typeof name === 'string' && name.length >= 1 && name.length <= 64) return { id: account.projectId, name };
  throw iamRefusals.invalidBody();
}

function namesAccount({ id, name }: JsonObject, account: Account): boolean {
  return (id === undefined || id === account.domainId) && (name === undefined || name === account.name);
}

function parse(body: Uint8Array): JsonObject {
  let value: JsonValue;
  try {
    value = parseJson(body, { maxBytes: 64 << 10, maxDepth: 12 });
  } catch {
    throw iamRefusals.invalidBody();
  }
  if (!isJsonObject(value)) throw iamRefusals.invalidBody();
  return value;
}

function need(object: JsonObject, key: string): Exclude<JsonValue, null> {
  const value = object[key];
  if (value === undefined || value === null) throw iamRefusals.missing(key);
  return value;
}

function field(object: JsonObject, key: string): JsonObject {
  const value = need(object, key);
  if (!isJsonObject(value)) throw iamRefusals.invalidBody();
  return value;
}

function optional(object: JsonObject, key: string): JsonObject | undefined {
  return object[key] === undefined || object[key] === null ? undefined : field(object, key);
}

function text(object: JsonObject, key: string): string {
  const value = need(object, key);
  if (typeof value !== 'string' || value.length === 0 || value.length > 1024) throw iamRefusals.invalidBody();
  return value;
}
