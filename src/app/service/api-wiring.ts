import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { ApiClient, ApiDeps, PlaceOptions } from '../../cli/service/contract.ts';
import { ConfigError } from '../errors.ts';
import { processParts } from '../process.ts';
import { readSecretFile } from '../registry-wiring.ts';
import { apiClient, sendTo } from './remote-api.ts';

/** Wires the commands over the native API: on a server when one is named, else inside this process. */
export async function loadApi(): Promise<ApiDeps> {
  const parts = processParts();
  return {
    ...parts,
    readText: (path) => (path === '-' ? text(process.stdin) : readFile(path, 'utf8')),
    openApi: (options) => openApi(options, parts),
  };
}

type Parts = ReturnType<typeof processParts>;

async function openApi(options: PlaceOptions, parts: Parts): Promise<ApiClient> {
  const { env } = parts.terminal;
  const server = options.server ?? (env.DRYDOCK_SERVER || undefined);
  if (server === undefined) return (await import('./embedded-api.ts')).openEmbeddedApi(parts);
  const tokenFile = options.tokenFile ?? (env.DRYDOCK_TOKEN_FILE || undefined);
  const token = tokenFile && (await readSecretFile(tokenFile)).trim();
  const url = serverUrl(server);
  return apiClient(sendTo(url, parts.signal), { place: url.origin, token });
}

function serverUrl(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new ConfigError('config_invalid', `${server} is no address of a server`, {
    hint: 'Write it as https://drydock.example.com, in --server or DRYDOCK_SERVER.',
  });
}
