import { BlockList, isIP } from 'node:net';
import { bareHost, isLoopbackHost } from './addresses.ts';
import type { ProxyRules } from './contract.ts';
import { HttpError } from './errors.ts';

/** Every server is reached directly. */
export const noProxies: ProxyRules = { proxyFor: () => undefined };

/**
 * The rules of the usual environment variables: `HTTPS_PROXY` for https, `HTTP_PROXY` for http, `NO_PROXY` for
 * exceptions; the lower-case spelling wins, as in curl. This machine itself is never reached through a proxy.
 */
export function environmentProxies(env: Readonly<Record<string, string | undefined>>): ProxyRules {
  const secure = env.https_proxy || env.HTTPS_PROXY;
  const plain = env.http_proxy || env.HTTP_PROXY;
  if (!secure && !plain) return noProxies;
  const exempt = exemptions(env.no_proxy || env.NO_PROXY || '');
  return {
    proxyFor(url) {
      const text = url.protocol === 'https:' ? secure : plain;
      if (!text || isLoopbackHost(url.hostname) || exempt(url)) return undefined;
      return parseProxy(text, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
    },
  };
}

/**
 * The rules of a `proxy` setting: a URL for everything but this machine itself, `direct` for no proxy; absent: the
 * other rules, usually those of the environment.
 */
export function configuredProxies(setting: string | undefined, otherwise: ProxyRules): ProxyRules {
  if (setting === undefined) return otherwise;
  if (setting === 'direct') return noProxies;
  return { proxyFor: (url) => (isLoopbackHost(url.hostname) ? undefined : parseProxy(setting, 'the proxy setting')) };
}

function parseProxy(text: string, where: string): URL {
  // `proxy.example:3128` alone is common and means http.
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  // The value is not repeated: it may hold a password.
  if (url === null) throw new HttpError('proxy_invalid', `${where} is not the URL of a proxy`);
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new HttpError('proxy_invalid', `${where} names a ${url.protocol}// proxy; only http and https are supported`);
}

/**
 * What `NO_PROXY` exempts: `*`, names with everything below them (a leading dot or `*.` changes nothing), addresses and
 * CIDR ranges, each name or address with an optional port. Entries that make no sense exempt nothing.
 */
function exemptions(text: string): (url: URL) => boolean {
  const ranges = new BlockList();
  const names: { readonly host: string; readonly port: string }[] = [];
  for (const entry of text.split(/[\s,]+/)) {
    const [net = '', bits] = entry.split('/');
    const family = isIP(net);
    if (family !== 0 && bits !== undefined) {
      if (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32)) {
        ranges.addSubnet(net, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
      }
    } else if (entry !== '') {
      const port = isIP(entry) === 6 ? undefined : /:(\d{1,5})$/.exec(entry)?.[1];
      const host = port === undefined ? entry : entry.slice(0, -port.length - 1);
      names.push({ host: bareHost(host.replace(/^\*?\./, '')), port: port ?? '' });
    }
  }
  return (url) => {
    const host = bareHost(url.hostname);
    const family = isIP(host);
    if (family !== 0 && ranges.check(host, family === 6 ? 'ipv6' : 'ipv4')) return true;
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    return names.some(
      (name) =>
        (name.port === '' || name.port === port) &&
        (name.host === '*' || name.host === host || (family === 0 && host.endsWith(`.${name.host}`))),
    );
  };
}
