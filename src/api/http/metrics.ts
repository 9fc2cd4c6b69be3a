import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { GaugeSource } from './contract.ts';
import type { MetricsAccess } from './options.ts';

/** What the server counts about itself and reads from its sources. */
export interface ServerMetrics {
  readonly registry: Registry;
  observe(labels: { mount: string; method: string; route: string; status: number }, seconds: number): void;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A registry of its own, so that several servers may live in one process. */
export function createMetrics(version: string, sources: readonly GaugeSource[]): ServerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'drydock_' });
  new Gauge({ name: 'drydock_info', help: 'Version', labelNames: ['version'], registers: [registry] }).set(
    { version },
    1,
  );
  const duration = new Histogram({
    name: 'drydock_http_request_seconds',
    help: 'Time from the first byte of a request to the last byte of its answer',
    labelNames: ['mount', 'method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10],
    registers: [registry],
  });
  for (const source of sources) addSource(registry, source);
  return {
    registry,
    observe({ mount, method, route, status }, seconds) {
      // Labels come from closed sets: a client cannot make new time series.
      const safe = methods.has(method) ? method : 'other';
      duration.observe({ mount, method: safe, route, status: `${Math.floor(status / 100)}xx` }, seconds);
    },
  };
}

function addSource(registry: Registry, source: GaugeSource): void {
  new Gauge({
    name: `drydock_${source.name}`,
    help: source.help,
    labelNames: [...source.labels],
    registers: [registry],
    async collect() {
      this.reset();
      // One source that cannot be read must not hide the others.
      const samples = await source.read().catch(() => []);
      for (const sample of samples) this.set({ ...sample.labels }, sample.value);
    },
  });
}

/** A list of addresses and CIDR networks as a test. */
export function networkTest(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const type = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, type);
    else list.addSubnet(address, Number(bits), type);
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  };
}

/** Whether a caller may read metrics: its address is listed, or it knows the token. */
export function metricsGuard(access: MetricsAccess): (address: string, authorization: string | undefined) => boolean {
  const listed = networkTest(access.allow);
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = access.token === null ? null : hash(`Bearer ${access.token}`);
  return (address, authorization) =>
    listed(address) ||
    (expected !== null && authorization !== undefined && timingSafeEqual(hash(authorization), expected));
}
