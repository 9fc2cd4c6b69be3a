import { isLoopbackHost } from '../../../kernel/index.ts';

/** Whether an address to listen on can be reached from this machine only: loopback, or a socket in the file system. */
export function isLocal(address: string): boolean {
  const host = hostOf(address);
  return host.startsWith('/') || isLoopbackHost(host);
}

/** The host of `host`, `host:port`, `[v6]:port`, `scheme://host:port/path`; '' means all addresses. */
export function hostOf(address: string): string {
  const text = address.trim().replace(/^-/, '');
  if (text.startsWith('unix:') || text.startsWith('/')) return '/';
  const authority = text.replace(/^[A-Za-z][\w+.-]*:\/\//, '').replace(/\/.*$/, '');
  if (authority.startsWith('[')) return authority.slice(1, Math.max(1, authority.indexOf(']')));
  const colon = authority.indexOf(':');
  // Several colons: an IPv6 address without brackets.
  return colon >= 0 && colon === authority.lastIndexOf(':') ? authority.slice(0, colon) : authority;
}

/** Whether any of a list of addresses can be reached from outside. */
export function anyOpen(addresses: string): boolean {
  return addresses
    .split(/[\s,]+/)
    .filter((address) => address !== '')
    .some((address) => !isLocal(address));
}

/** Whether a word switches something on. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(1|true|yes|on|enabled?)$/i.test(value.trim());
}

/** Whether a word switches something off. */
export function isOff(value: string | undefined): boolean {
  return value !== undefined && /^(0|false|no|off|disabled?|none)$/i.test(value.trim());
}
