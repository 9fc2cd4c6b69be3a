import process from 'node:process';
import { createQueue } from '../../src/adapters/queue/index.ts';
import { openDatabase } from '../../src/adapters/sql/index.ts';
import { createProcessRunner } from '../../src/adapters/workers/index.ts';
import { systemTimers, WorkerLoop } from '../../src/jobs/index.ts';
import type { JobChildInput } from './job-child.ts';
import { child, testLimits, testLoop } from './job-world.ts';

/** `node job-loop.ts INPUT`: a worker of its own, for tests that kill or stop the whole of it. */
const text = process.argv[2] ?? '{}';
const { target } = JSON.parse(text) as JobChildInput;
const db = await openDatabase(target);
const report = (message: string, error: unknown): void => console.error(message, error);
const queue = await createQueue({ db, target, report });
const runner = createProcessRunner({ entry: child, args: [text], env: process.env, ...testLimits });
const shares = { slots: 1, reserved: 0 };
new WorkerLoop({ queue, runner, timers: systemTimers, worker: 'other node', shares, ...testLoop, report }).start();
setInterval(() => {}, 1_000);
