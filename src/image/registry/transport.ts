import {
  collect,
  configuredProxies,
  createTransport,
  type HttpResponse,
  noProxies,
  type Pace,
  type ProxyRules,
  paced,
  type Transport,
} from '../../kernel/index.ts';
import { RegistryError } from './errors.ts';
import { defaultRegistryLimits, type RegistryLimits, type RegistrySettings } from './settings.ts';
import { connectionError } from './transport-errors.ts';

/** Connections for one registry and the servers that it refers to; every failure is a coded error. */
export function createRegistryTransport(
  own: URL,
  settings: RegistrySettings,
  limits: RegistryLimits,
  proxies: ProxyRules = noProxies,
): Transport {
  const transport = createTransport({
    ...settings,
    own,
    limits,
    proxies: configuredProxies(settings.proxy, proxies),
  });
  return {
    async send(request) {
      try {
        return await transport.send(request);
      } catch (error) {
        request.signal.throwIfAborted();
        throw connectionError(error, request.url.host);
      }
    },
    close: () => transport.close(),
  };
}

/** Reads a body whole. @throws RegistryError `invalid_response` above `limit` bytes; HttpError `timeout` when it drips */
export async function readBody(
  response: HttpResponse,
  limit: number,
  pace: Pace = defaultRegistryLimits,
): Promise<Buffer> {
  const tooLarge = (): RegistryError =>
    new RegistryError('invalid_response', `the answer of ${response.url.host} is larger than ${limit} bytes`);
  try {
    return await collect(paced(response.body, pace, response.url.host), limit, tooLarge);
  } catch (error) {
    throw connectionError(error, response.url.host);
  } finally {
    response.body.destroy();
  }
}
