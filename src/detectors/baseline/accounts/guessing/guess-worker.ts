/** A worker thread that tries passwords on hashes: one guess may take long, and the other side ends the thread then. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { openHash } from '../crypt/open-hash.ts';
import type { GuessReply, GuessTask } from './guess-protocol.ts';

const port = parentPort as MessagePort;
/** Guesses of the task that is worked on; read by the other side when it has waited too long. */
const tried = new Int32Array(workerData as SharedArrayBuffer);

port.on('message', (task: GuessTask) => {
  port.postMessage(work(task));
});

// Says that the code has been read; what follows are replies.
port.postMessage('ready');

function work({ field, passwords }: GuessTask): GuessReply {
  Atomics.store(tried, 0, 0);
  try {
    const hash = openHash(field);
    if ('closed' in hash) return { kind: 'closed', why: hash.closed };
    for (const [index, password] of passwords.entries()) {
      const fits = hash.matches(password);
      Atomics.add(tried, 0, 1);
      if (fits) return { kind: 'tried', found: index, cost: hash.cost };
    }
    return { kind: 'tried', found: null, cost: hash.cost };
  } catch {
    // The message could quote what was being tried.
    return { kind: 'closed', why: 'the scheme failed' };
  }
}
