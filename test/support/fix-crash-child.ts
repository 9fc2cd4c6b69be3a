import process from 'node:process';
import { runCrashFix } from './fix-crash-world.ts';

/** `node fix-crash-child.ts HOST DATA-DIRECTORY POINT`: runs the fix and dies by SIGKILL at the point. */
const [host = '', dataDirectory = '', point = ''] = process.argv.slice(2);
await runCrashFix(host, dataDirectory, async (name) => {
  if (name !== point) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
});
