import { createHash, createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

/** One kind of request of a load. */
export interface LoadCall {
  readonly action: string;
  parameters(): Readonly<Record<string, string>>;
}

/** Latencies in ms of one kind of request. */
export interface LoadResult {
  readonly action: string;
  readonly requests: number;
  readonly failures: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const enc = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Sends signed requests at a fixed rate, whether answers come or not: a slow server gets a queue, as from real clients,
 * and latencies count from the time a request was due.
 */
export async function signedLoad(
  host: string,
  key: { readonly id: string; readonly secret: string },
  calls: readonly LoadCall[],
  options: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly LoadResult[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const latencies = calls.map((): number[] => []);
  const failures = calls.map(() => 0);
  const total = options.perSecond * options.seconds;
  const begin = performance.now();
  const pending: Promise<void>[] = [];
  for (let index = 0; index < total; index++) {
    const due = begin + (index * 1000) / options.perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const kind = index % calls.length;
    const call = calls[kind];
    if (call === undefined) continue;
    const sent = send(agent, host, key, call).then((status) => {
      latencies[kind]?.push(performance.now() - due);
      if (status !== 200) failures[kind] = (failures[kind] ?? 0) + 1;
    });
    pending.push(sent);
  }
  await Promise.all(pending);
  agent.destroy();
  return calls.map(({ action }, kind) => {
    const sorted = (latencies[kind] ?? []).sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return { action, requests: sorted.length, failures: failures[kind] ?? 0, p50: at(0.5), p99: at(0.99), max: at(1) };
  });
}

/** One request in the ACS3-HMAC-SHA256 scheme; resolves with the status once the body was read. */
function send(agent: Agent, host: string, key: { id: string; secret: string }, call: LoadCall): Promise<number> {
  const query = Object.entries(call.parameters())
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${enc(name)}=${enc(value)}`)
    .join('&');
  const headers: Record<string, string> = {
    host,
    'x-acs-action': call.action,
    'x-acs-content-sha256': sha256(''),
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-version': '2018-12-03',
  };
  const names = Object.keys(headers).sort();
  const block = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = `POST\n/\n${query}\n${block}\n${names.join(';')}\n${sha256('')}`;
  const signature = createHmac('sha256', key.secret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
  headers.authorization = `ACS3-HMAC-SHA256 Credential=${key.id},SignedHeaders=${names.join(';')},Signature=${signature}`;
  const [hostname, port] = host.split(':');
  return new Promise((resolve) => {
    const sent = request(
      { agent, hostname, port, method: 'POST', path: `/${query === '' ? '' : `?${query}`}`, headers },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', () => resolve(0));
      },
    );
    sent.once('error', () => resolve(0));
    sent.end();
  });
}
