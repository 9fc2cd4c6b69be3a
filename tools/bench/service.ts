/**
 * The service on the synthetic estate, over real sockets: `npm run bench -- service`. Start to ready, idle memory, latencies
 * of the operations that dashboards and scripts poll at 50 requests a second, alone and while a large export is written,
 * against the same requests to a server that answers at once. DRYDOCK_BENCH_ESTATE names a database to copy,
 * DRYDOCK_BENCH_SCALE makes the estate smaller.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alibabaClients, huaweiClient } from '../../test/support/cloud-clients.ts';
import { administrator, type RunningService } from '../../test/support/service.ts';
import { report } from './measure.ts';
import { estateDirectory, resident, scale, started } from './parts/estate-service.ts';
import { type LoadCall, signedLoad } from './parts/signed-load.ts';

const seconds = Number(process.env.DRYDOCK_BENCH_SECONDS ?? '30');
const exportRows = Math.min(10_000_000, Math.floor(30_000_000 * scale));
const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-service-'));

/** The same load on a server that does nothing: what client, sockets and this machine cost. */
async function floor(calls: readonly LoadCall[]): Promise<number> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const results = await signedLoad(host, administrator, calls, { perSecond: 50, seconds: Math.min(10, seconds) });
  server.closeAllConnections();
  server.close();
  return Math.max(...results.map(({ p99 }) => p99));
}

async function load(
  service: RunningService,
  calls: readonly LoadCall[],
  name: string,
  target: number,
  reference: number,
) {
  for (const result of await signedLoad(service.host, administrator, calls, { perSecond: 50, seconds })) {
    console.log(
      `  ${result.action}: ${result.requests} requests, ${result.failures} failed, p50 ${result.p50.toFixed(1)} ms, max ${result.max.toFixed(0)} ms`,
    );
    report({
      ...{
        name: `${name}: ${result.action} p99`,
        ours: result.p99,
        reference,
        referenceName: 'server that answers at once',
        unit: 'ms',
      },
    });
    console.log(`    target ≤ ${target} ms: ${result.p99 <= target && result.failures === 0 ? 'met' : 'MISSED'}`);
  }
}

try {
  const empty = await started(join(folder, 'empty'));
  report({ name: 'start to ready, empty', ours: empty.seconds, unit: 's', target: 1.5 });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  report({
    name: 'idle server, empty, resident',
    ours: resident(empty.service.process.pid, 'VmRSS'),
    unit: 'MiB',
    target: 150,
  });
  await empty.service[Symbol.asyncDispose]();

  const { service, seconds: ready } = await started(await estateDirectory(folder));
  report({ name: `start to ready, scale ${scale}`, ours: ready, unit: 's', target: 5 });
  await new Promise((resolve) => setTimeout(resolve, 5000));
  console.log(`idle server, scale ${scale}: ${resident(service.process.pid, 'VmRSS').toFixed(0)} MiB resident`);

  const alibaba = Object.values(alibabaClients(service.host, administrator))[0];
  if (alibaba === undefined) throw new Error('no client');
  const images = (await alibaba('DescribeImageInstances', { PageSize: 1000 })).ImageInstanceList as { Uuid: string }[];
  const some = (count: number): string =>
    Array.from({ length: count }, () => images[Math.floor(Math.random() * images.length)]?.Uuid).join(',');
  const calls: LoadCall[] = [
    { action: 'DescribeImageSecurityScanCount', parameters: () => ({}) },
    { action: 'DescribeImageInfoList', parameters: () => ({ Uuids: some(20) }) },
    { action: 'DescribeImageFixTask', parameters: () => ({ CurrentPage: '1', PageSize: '20' }) },
    { action: 'DescribeImageVulList', parameters: () => ({ Type: 'cve', Uuids: some(1), PageSize: '50' }) },
  ];
  const reference = await floor(calls);
  await load(service, calls, 'alone', 25, reference);

  const { projects } = await huaweiClient(service.host, administrator, 'any')('GET', '/v3/projects');
  const huawei = huaweiClient(service.host, administrator, projects[0].id);
  const query = { export_size: exportRows, enterprise_project_id: 'all_granted_eps' };
  const exported = await huawei('POST', '/v5/{project_id}/image/local-vulnerability/export', {
    query,
    body: { operate_all: true },
  });
  console.log(`export of ${exported.record_total_num} rows ordered`);
  await load(service, calls, 'during an export', 100, reference);
  report({ name: 'server at its peak, resident', ours: resident(service.process.pid, 'VmHWM'), unit: 'MiB' });
  await service[Symbol.asyncDispose]();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
