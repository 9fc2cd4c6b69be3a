import type { RegistryRecord } from '../../../inventory/index.ts';
import { type NewRegistry, ServiceError } from '../../../service/index.ts';
import { type ActionContext, action } from '../action.ts';
import { invalid, missing } from '../errors.ts';
import { choice, document, required, text, whole } from '../schema/parameter.ts';
import { allRows } from '../views/all-pages.ts';
import { namespacesOf } from '../views/extra-param.ts';
import { refusing } from '../views/refusing.ts';
import { baseUrlOf, registryFields, registryKindOf } from '../views/registry.ts';

const fields = {
  name: 'DomainName',
  baseUrl: 'DomainName',
  connectAddress: 'RegistryHostIp',
  region: 'RegistryRegionId',
  username: 'UserName',
  password: 'Password',
  include: 'ExtraParam',
  scansPerHour: 'TransPerHour',
};

/** Onboards a registry: stored at once, tested and synchronised in the background. */
export const addPrivateRegistry = action({
  name: 'AddPrivateRegistry',
  level: 'write',
  tier: 1,
  summary: 'onboards a Harbor or Quay registry',
  parameters: {
    DomainName: required(text(253)),
    ExtraParam: document(),
    NetType: required(whole(1, 2)),
    Password: required(text(4096)),
    Port: whole(1, 65_535),
    ProtocolType: required(whole(1, 2)),
    RegistryHostIp: required(text(253)),
    RegistryRegionId: required(text(128)),
    RegistryType: required(choice('harbor', 'quay')),
    RegistryVersion: required(choice('V1', 'V2', '-')),
    TransPerHour: whole(1, 1_000_000),
    UserName: required(text(255)),
    VpcId: text(128),
  },
  run: async (input, context) => {
    if (input.RegistryType === 'quay' && input.ExtraParam === undefined) throw missing('ExtraParam');
    const namespaces = input.ExtraParam === undefined ? [] : namespacesOf(input.ExtraParam);
    const baseUrl = baseUrlOf({ secure: input.ProtocolType === 2, domain: input.DomainName, port: input.Port });
    checkHost(baseUrl, input.DomainName);
    const wanted: NewRegistry = {
      name: new URL(baseUrl).host,
      kind: registryKindOf(input.RegistryType),
      baseUrl,
      connectAddress: input.RegistryHostIp === input.DomainName ? null : input.RegistryHostIp,
      region: input.RegistryRegionId,
      username: input.UserName,
      password: input.Password,
      include: input.RegistryType === 'quay' ? namespaces.map((namespace) => `${namespace}/**`) : [],
      scansPerHour: input.TransPerHour ?? null,
      insecure: input.ProtocolType === 1,
      vendor: {
        registryType: input.RegistryType,
        netType: input.NetType,
        registryVersion: input.RegistryVersion,
        ...(input.VpcId === undefined ? {} : { vpcId: input.VpcId }),
        ...(namespaces.length === 0 ? {} : { namespaces: namespaces.join(',') }),
      },
    };
    const stored = await store(wanted, context);
    return {
      Data: {
        AliUid: context.account.number,
        ...registryFields(stored, context),
        RegistryVersion: input.RegistryVersion,
      },
    };
  },
});

function checkHost(baseUrl: string, domain: string): void {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || url.hostname !== domain.toLowerCase()) throw invalid('DomainName');
}

/** A client that gave up waiting sends the same again: that registry is there already, and only its password may be new. */
async function store(wanted: NewRegistry, { services, call }: ActionContext): Promise<RegistryRecord> {
  try {
    return await refusing('DomainName', keepTaken(services.registries.add(call, wanted)), fields);
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error;
    const known = await allRows((page) => services.registries.page(call, { nameContains: wanted.name, page }));
    const same = known.find((registry) => isSame(registry, wanted));
    const { password = null } = wanted;
    const updated = same === undefined ? null : await services.registries.update(call, same.id, { password });
    if (updated === null) throw invalid('DomainName');
    return updated;
  }
}

class NameTaken extends Error {}

async function keepTaken<T>(run: Promise<T>): Promise<T> {
  try {
    return await run;
  } catch (error) {
    throw error instanceof ServiceError && error.code === 'name_taken' ? new NameTaken() : error;
  }
}

function isSame(registry: RegistryRecord, wanted: NewRegistry): boolean {
  return (
    registry.name === wanted.name &&
    registry.baseUrl === wanted.baseUrl &&
    registry.kind === wanted.kind &&
    registry.connectAddress === (wanted.connectAddress ?? null) &&
    registry.region === wanted.region &&
    registry.username === wanted.username
  );
}
