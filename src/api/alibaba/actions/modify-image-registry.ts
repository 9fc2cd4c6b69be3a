import type { NewRegistry } from '../../../service/index.ts';
import { action } from '../action.ts';
import { invalid, missing } from '../errors.ts';
import { required, text, whole } from '../schema/parameter.ts';
import { successEnvelope } from '../views/envelope.ts';
import { refusing } from '../views/refusing.ts';
import { addressOf, baseUrlOf } from '../views/registry.ts';

/** Changes credentials, address or scan rate of a registry. */
export const modifyImageRegistry = action({
  name: 'ModifyImageRegistry',
  level: 'write',
  tier: 1,
  summary: 'changes credentials, address or scan rate of a registry',
  parameters: {
    DomainName: text(253),
    Id: required(whole(1)),
    Password: text(4096),
    Port: whole(1, 65_535),
    RegistryHostIp: text(253),
    TransPerHour: whole(1, 1_000_000),
    UserName: text(255),
  },
  run: async (input, { services, call, now }) => {
    const started = now();
    const known = await services.registries.get(call, input.Id);
    if (known === null) throw invalid('Id');
    const { secure, domain, port } = addressOf(known);
    const baseUrl = baseUrlOf({ secure, domain: input.DomainName ?? domain, port: input.Port ?? port });
    if (!URL.canParse(baseUrl) || new URL(baseUrl).hostname !== (input.DomainName ?? domain).toLowerCase()) {
      throw invalid('DomainName');
    }
    const change: Partial<NewRegistry> = {
      ...(baseUrl === known.baseUrl ? {} : { baseUrl }),
      ...(input.RegistryHostIp === undefined ? {} : { connectAddress: input.RegistryHostIp }),
      ...(input.Password === undefined ? {} : { password: input.Password }),
      ...(input.UserName === undefined ? {} : { username: input.UserName }),
      ...(input.TransPerHour === undefined ? {} : { scansPerHour: input.TransPerHour }),
    };
    // Stored credentials never go to another server than the one they were given for.
    const address = change.connectAddress ?? known.connectAddress;
    const moves = change.baseUrl !== undefined || (address !== known.connectAddress && (known.insecure || !secure));
    if (moves && known.hasPassword && input.Password === undefined) throw missing('Password');
    const updated = await refusing('Id', services.registries.update(call, input.Id, change), {
      baseUrl: 'DomainName',
      connectAddress: 'RegistryHostIp',
      password: 'Password',
      username: 'UserName',
      scansPerHour: 'TransPerHour',
    });
    if (updated === null) throw invalid('Id');
    return { ...successEnvelope, TimeCost: now() - started };
  },
});
