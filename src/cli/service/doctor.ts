import type { Command } from 'commander';
import { styleFor, terminalText } from '../../exports/index.ts';
import { messageOf } from '../../kernel/index.ts';
import { exitCodes } from '../exit-codes.ts';
import { reportError } from '../output/errors.ts';
import { colorFor, type Terminal } from '../output/terminal.ts';

/** What one check found; `hint` says what to do when the state is not `ok`. */
export interface Diagnosis {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly hint?: string;
}

/** One thing that `doctor` looks at. A check that throws has failed. */
export interface DoctorCheck {
  readonly name: string;
  run(signal: AbortSignal): Promise<Diagnosis>;
}

/** What `drydock doctor` is given. */
export interface DoctorDeps {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Opens what the checks look at. Nothing is changed by any of them, except with `recount`. */
  checks(options: { readonly recount: boolean }): Promise<AsyncDisposable & { readonly list: readonly DoctorCheck[] }>;
  exit(code: number): void;
}

/** Adds `drydock doctor`. */
export function registerDoctor(program: Command, load: () => Promise<DoctorDeps>): void {
  program
    .command('doctor')
    .description('check configuration, data directory, database, disk, clock, advisories and registries')
    .option('--recount', 'compare every stored counter with the facts, and correct what differs')
    .option('--json', 'as JSON')
    .action(async (options: { recount?: boolean; json?: boolean }) => {
      const deps = await load();
      try {
        deps.exit(await doctor(options, deps));
      } catch (error) {
        deps.exit(reportError(error, deps.terminal));
      }
    });
}

async function doctor(options: { recount?: boolean; json?: boolean }, deps: DoctorDeps): Promise<number> {
  await using checks = await deps.checks({ recount: options.recount === true });
  const results: (Diagnosis & { readonly name: string })[] = [];
  for (const check of checks.list) {
    deps.signal.throwIfAborted();
    results.push({ name: check.name, ...(await judged(check, deps.signal)) });
  }
  const { stdout } = deps.terminal;
  if (options.json === true) stdout.write(`${JSON.stringify({ checks: results }, undefined, 2)}\n`);
  else for (const result of results) stdout.write(lineOf(result, colorFor(stdout, deps.terminal.env, undefined)));
  return results.some(({ state }) => state === 'fail') ? exitCodes.error : exitCodes.ok;
}

async function judged(check: DoctorCheck, signal: AbortSignal): Promise<Diagnosis> {
  try {
    return await check.run(signal);
  } catch (error) {
    const hint = (error as { hint?: unknown }).hint;
    return { state: 'fail', detail: messageOf(error), ...(typeof hint === 'string' && { hint }) };
  }
}

function lineOf({ name, state, detail, hint }: Diagnosis & { readonly name: string }, color: boolean): string {
  const style = styleFor(color);
  const mark = { ok: style.good('✔'), warn: style.warn('!'), fail: style.bad('✖') }[state];
  const advice = state === 'ok' || hint === undefined ? '' : `  ${style.dim('→')} ${terminalText(hint)}\n`;
  return `${mark} ${terminalText(name)}: ${terminalText(detail)}\n${advice}`;
}
