import { subscribe } from 'node:diagnostics_channel';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/**
 * Loaded into a process under test (`--import`): notes every connection, name lookup and child process that it
 * begins, and its peak memory when it ends, as JSON lines in the file that `E0_REPORT` names.
 */
const report = process.env.E0_REPORT ?? '';
const note = (line: object): void => appendFileSync(report, `${JSON.stringify(line)}\n`);

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  // Depending on the caller the options come bare or as the first element of a normalised array.
  const first = (Array.isArray(args[0]) ? args[0][0] : args[0]) as { host?: string; port?: number; path?: string };
  const target = typeof first === 'object' ? (first.path ?? `${first.host}:${first.port}`) : `${args[1]}:${first}`;
  note({ connect: target });
  return Reflect.apply(connect, this, args);
} as typeof connect;

const lookup = dns.lookup;
dns.lookup = ((...args: unknown[]) => {
  note({ lookup: args[0] });
  return Reflect.apply(lookup, dns, args);
}) as typeof lookup;
syncBuiltinESMExports();

subscribe('child_process', (message) => {
  const { spawnargs } = (message as { process: { spawnargs?: readonly string[] } }).process;
  note({ spawn: spawnargs ?? [] });
});
process.on('exit', () => note({ peak: process.resourceUsage().maxRSS * 1024 }));
