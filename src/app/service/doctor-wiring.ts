import { stat, statfs } from 'node:fs/promises';
import { createLogger } from '../../api/index.ts';
import type { Diagnosis, DoctorCheck, DoctorDeps } from '../../cli/service/doctor.ts';
import { effectiveSettings } from '../../cli/service/settings.ts';
import { dayMs } from '../../kernel/index.ts';
import { processParts } from '../process.ts';
import { readSettings } from '../settings.ts';
import { type Application, openApplication } from './application.ts';
import { engineChecks } from './doctor-engines.ts';
import { showFirstAdministrator } from './first-administrator.ts';
import { serviceOptions } from './options.ts';

const lowBytes = 1024 * 1024 * 1024;
/** Clients are refused whose clocks differ by more than 15 minutes; this much deserves a word. */
const registryTimeoutMs = 20_000;

/** Wires `drydock doctor`. */
export async function loadDoctor(): Promise<DoctorDeps> {
  const parts = processParts();
  return {
    ...parts,
    async checks({ recount }) {
      const settings = await readSettings(parts.terminal.env);
      const effective = effectiveSettings({}, parts.terminal.env, settings.config.server ?? {});
      const options = await serviceOptions(effective, settings);
      const logger = createLogger({ level: 'error', process: 'doctor' });
      const application = await openApplication(settings, options, { logger, wake: () => {} });
      showFirstAdministrator(application, parts.terminal.stderr);
      const list = await checksOf(application, recount);
      return { list, [Symbol.asyncDispose]: () => application[Symbol.asyncDispose]() };
    },
  };
}

async function checksOf(application: Application, recount: boolean): Promise<DoctorCheck[]> {
  const { settings, options, store, access } = application;
  const fixed: DoctorCheck[] = [
    { name: 'configuration', run: async () => ok(`data directory ${settings.dataDirectory}`) },
    { name: 'master key', run: () => masterKey(options.masterKeyFile) },
    { name: 'disk', run: () => disk(settings.dataDirectory) },
    { name: 'database', run: () => database(application) },
    { name: 'audit log', run: () => auditLog(access) },
    { name: 'advisories', run: () => advisories(application) },
    { name: 'jobs', run: () => jobs(store) },
    { name: 'counters', run: () => counters(store, recount) },
  ];
  const registries = (await store.inventory.allRegistries()).map(
    (registry): DoctorCheck => ({
      name: `registry ${registry.name}`,
      run: (signal) => registryCheck(application, registry.id, signal),
    }),
  );
  return [...fixed, ...engineChecks(settings), ...registries];
}

function ok(detail: string): Diagnosis {
  return { state: 'ok', detail };
}

async function masterKey(path: string): Promise<Diagnosis> {
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return ok(path);
  return { state: 'warn', detail: `${path} can be read by others`, hint: `chmod 600 ${path}` };
}

async function disk(folder: string): Promise<Diagnosis> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB free`;
  return free > lowBytes ? ok(detail) : { state: 'warn', detail, hint: 'Fixes and exports need space; free some.' };
}

async function database({ options, store }: Application): Promise<Diagnosis> {
  const started = performance.now();
  await store.findings.factRevisions();
  const ms = (performance.now() - started).toFixed(0);
  return ok(`${options.databaseUrl === undefined ? 'SQLite' : 'PostgreSQL'}, migrated, answers in ${ms} ms`);
}

async function auditLog({ admin }: Application['access']): Promise<Diagnosis> {
  const { entries, firstWrong } = await admin.verifyAudit();
  if (firstWrong === null) return ok(`${entries} entries, the chain is unbroken`);
  const hint = 'Somebody changed the database past Drydock; compare with a backup.';
  return { state: 'fail', detail: `entry ${firstWrong} does not fit the chain`, hint };
}

async function advisories(application: Application): Promise<Diagnosis> {
  const age = await application.advisoryAgeMs();
  const hint = 'drydock db update --from URL|DIR, or set advisories.from so that the service does it by itself.';
  if (age === null) return { state: 'warn', detail: 'only the bundled facts are loaded', hint };
  const detail = `looked for ${(age / dayMs).toFixed(1)} days ago`;
  return age < 7 * dayMs ? ok(detail) : { state: 'warn', detail, hint };
}

async function jobs({ queue }: Application['store']): Promise<Diagnosis> {
  const stats = await queue.stats();
  const count = (state: string): number =>
    stats.filter((row) => row.state === state).reduce((sum, row) => sum + row.count, 0);
  const oldest = Math.max(0, ...stats.filter(({ state }) => state === 'queued').map(({ oldestMs }) => oldestMs ?? 0));
  const detail = `${count('queued')} waiting, ${count('running')} running, ${count('failed')} failed`;
  if (oldest < dayMs / 24) return ok(detail);
  const hint = 'Is a worker running? drydock serve in role all, or drydock worker, works them off.';
  return { state: 'warn', detail: `${detail}; the oldest waits for ${Math.round(oldest / 60_000)} minutes`, hint };
}

async function counters({ findings }: Application['store'], correct: boolean): Promise<Diagnosis> {
  const { images, differences } = await findings.checkCounts();
  if (differences.length === 0) return ok(`${images} images counted again, none differs`);
  if (!correct) {
    return {
      state: 'fail',
      detail: `${differences.length} of ${images} images differ`,
      hint: 'drydock doctor --recount corrects them.',
    };
  }
  await findings.markStale(differences.map(({ manifestId }) => manifestId));
  while ((await findings.recount(1000)) > 0);
  return { state: 'warn', detail: `${differences.length} of ${images} images differed and were corrected` };
}

async function registryCheck({ services }: Application, id: number, signal: AbortSignal): Promise<Diagnosis> {
  const actor = { name: 'doctor', userId: null, accessKeyId: null, address: null, requestId: crypto.randomUUID() };
  const call = {
    projects: 'all' as const,
    actor,
    signal: AbortSignal.any([signal, AbortSignal.timeout(registryTimeoutMs)]),
  };
  const abilities = await services.registries.test(call, id);
  const missing = (['list', 'pull', 'push', 'delete', 'referrers'] as const).filter(
    (name) => abilities[name].state === 'no',
  );
  if (missing.length === 0) return ok('list, pull, push, delete and referrers work or could not be told apart');
  const reasons = missing.map((name) => `${name}: ${abilities[name].reason ?? 'no'}`).join('; ');
  return {
    state: abilities.pull.state === 'no' ? 'fail' : 'warn',
    detail: reasons,
    hint: 'drydock registry test shows all of it.',
  };
}
