import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type AlibabaCall, alibabaClients } from '../support/cloud-clients.ts';
import { postgresMissing, sharedPostgres, stopSharedPostgres } from '../support/postgres.ts';
import {
  administrator,
  type NativeCall,
  nativeClient,
  type RunningService,
  type RunningWorker,
  startService,
  startWorker,
} from '../support/service.ts';
import { createToyEstate, type ToyEstate, toyAdvisories, toyRobot } from '../support/toy-estate.ts';
import { until } from '../support/until.ts';

const added = { id: 'CVE-2024-0004', package: 'quiet', fixed: '2.0-1' };
const moment = 60_000;

describe('a new advisory, without a scan and without any registry', { timeout: 300_000 }, () => {
  describe('one process on SQLite', () => story(false));
  describe('server and worker apart on PostgreSQL', { skip: postgresMissing }, () => story(true));
});

function story(apart: boolean): void {
  let estate: ToyEstate;
  let service: RunningService;
  let worker: RunningWorker | undefined;
  let call: NativeCall;
  let uuid: string;

  before(async () => {
    estate = await createToyEstate();
    const url = apart ? await (await sharedPostgres()).createDatabase() : undefined;
    const env = { ...estate.env, ...(url && { DRYDOCK_DATABASE_URL: url }) };
    const { dataDirectory } = estate;
    service = await startService({ dataDirectory, env, args: apart ? ['--role', 'serve'] : [] });
    if (apart) worker = await startWorker({ dataDirectory, env });
    call = nativeClient(service.host);
    const registry = { name: 'toys', kind: 'oci', baseUrl: estate.registry.url, insecure: true };
    await call('POST', '/registries', { ...registry, username: toyRobot.user, password: toyRobot.password });
    const list = async () => (await call('GET', '/images?q=scan:matched')).body.items;
    [{ uuid }] = await until('the image is scanned', list, (items) => items.length === 1, moment);
    await estate.registry.close();
  });
  after(async () => {
    await service?.[Symbol.asyncDispose]();
    await worker?.[Symbol.asyncDispose]();
    await estate?.[Symbol.asyncDispose]();
    if (apart) await stopSharedPostgres();
  });

  const total = async (): Promise<number> => (await call('GET', `/images/${uuid}`)).body.counts.cve.total;
  const names = async () =>
    (await call('GET', `/findings?q=image.uuid:${uuid}`)).body.items.map(
      ({ vulnerability }: { vulnerability: { id: string } }) => vulnerability.id,
    );
  const counts = async () => {
    const alibaba = alibabaClients(service.host, administrator)['openapi-core, ACS3'] as AlibabaCall;
    const { Data } = await alibaba('DescribeImageSecurityScanCount', { ImageUuid: uuid, Dealed: 'N' });
    const { VulRecords } = await alibaba('DescribeImageVulList', { Type: 'cve', Uuids: uuid });
    return [Data.ImageCveVulCount, VulRecords.map(({ Related }: { Related: string }) => Related).sort()];
  };

  test('a loaded advisory shows up in the native API, the Alibaba list and both counts', async () => {
    assert.equal(await total(), 3);
    await estate.advise([...toyAdvisories, added]);
    await until('the new finding', total, (number) => number === 4, moment);
    assert.ok((await names()).includes(added.id));
    assert.deepEqual(await counts(), [4, [...toyAdvisories, added].map(({ id }) => id).sort()]);
    const affected = await call('GET', `/vulnerabilities/${added.id}/images`);
    assert.deepEqual(
      affected.body.items.map((image: { uuid: string }) => image.uuid),
      [uuid],
    );
  });

  test('an advisory that takes the installed version back, and one that learns of a fix, change what is shown', async () => {
    const fixed: Readonly<Record<string, string>> = { 'CVE-2024-0002': '1.0-1', 'CVE-2024-0003': '3.0-1' };
    const changed = toyAdvisories.map((advisory) => ({
      ...advisory,
      ...(fixed[advisory.id] && { fixed: fixed[advisory.id] }),
    }));
    await estate.advise([...changed, added]);
    await until('one finding less', total, (number) => number === 3, moment);
    const { body } = await call('GET', `/images/${uuid}`);
    assert.equal(body.counts.cve.fixable, 3);
    assert.deepEqual((await names()).sort(), ['CVE-2024-0001', 'CVE-2024-0003', 'CVE-2024-0004']);
  });
}
