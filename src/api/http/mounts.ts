import type { FastifyInstance } from 'fastify';
import type { Mount, RequestHead } from './contract.ts';
import { alibabaRefusal, huaweiRefusal, problemRefusal } from './refusals.ts';

const mebibyte = 1024 * 1024;

function under(path: string, ...prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

/** Whether a request speaks the Alibaba RPC protocol: by its action header, by `Action` in the query, or as a form. */
export function isAlibabaRequest(head: RequestHead): boolean {
  if (head.headers['x-acs-action'] !== undefined || head.headers['x-acs-version'] !== undefined) return true;
  if (head.path !== '/') return false;
  // Nothing else of this server accepts anything but GET and HEAD at `/`, so a form needs no look at its body.
  return (head.method !== 'GET' && head.method !== 'HEAD') || /(^|&)(Action|Signature|AccessKeyId)=/.test(head.query);
}

type Plugin = (app: FastifyInstance) => Promise<void>;

/** Mount of the native API: everything below `/api`. */
export function nativeMount(plugin: Plugin, allowedMethods?: (path: string) => readonly string[]): Mount {
  return {
    name: 'native',
    owns: ({ path }) => under(path, '/api'),
    bodyLimit: mebibyte,
    plugin,
    refuse: problemRefusal,
    ...(allowedMethods === undefined ? {} : { allowedMethods }),
  };
}

/** Mount of the Huawei facade: `/v3` (tokens) and `/v5`. */
export function huaweiMount(plugin: Plugin): Mount {
  return {
    name: 'huawei',
    owns: ({ path }) => under(path, '/v3', '/v5'),
    bodyLimit: 2 * mebibyte,
    plugin,
    refuse: huaweiRefusal,
  };
}

/** Mount of the Alibaba facade: RPC requests at `/`. */
export function alibabaMount(plugin: Plugin): Mount {
  return { name: 'alibaba', owns: isAlibabaRequest, bodyLimit: 2 * mebibyte, plugin, refuse: alibabaRefusal };
}
