import type { MessagePort } from 'node:worker_threads';
import { type LayerVisitor, VisitorHost } from '../../image/index.ts';
import { messageOf } from '../../kernel/index.ts';
import type { FileEvent, FromThread, ToThread } from './protocol.ts';

/**
 * The other side of `openVisitorThread`: runs visitors over what comes through the port, one block after the other.
 * @param visitors makes fresh visitors of these analyses; asked once per walk.
 */
export function serveVisitors(
  port: MessagePort,
  visitors: (analyses: readonly string[]) => Promise<readonly LayerVisitor<unknown>[]>,
): void {
  const hosts = new Map<number, Promise<VisitorHost>>();
  // One walk must not overtake itself; walks of several layers may take turns.
  const queues = new Map<number, Promise<void>>();
  const answer = (message: FromThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

  const handle = async (message: ToThread): Promise<void> => {
    const { walk } = message;
    if (message.kind === 'walk') {
      hosts.set(
        walk,
        visitors(message.analyses).then((made) => new VisitorHost(made)),
      );
      return;
    }
    const host = hosts.get(walk);
    if (message.kind === 'cancel') hosts.delete(walk);
    if (message.kind === 'block') {
      if (host !== undefined) await feed(await host, message.block, message.events);
      answer({ kind: 'used', walk, block: message.block }, [message.block]);
    }
    if (message.kind === 'finish' && host !== undefined) {
      hosts.delete(walk);
      answer({ kind: 'found', walk, ...(await (await host).finish()) });
    }
  };

  port.on('message', (message: ToThread) => {
    const { walk } = message;
    const turn = (queues.get(walk) ?? Promise.resolve())
      .then(() => handle(message))
      .catch((error) => {
        hosts.delete(walk);
        answer({ kind: 'failed', walk, message: messageOf(error) });
      })
      .finally(() => {
        if (queues.get(walk) === turn) queues.delete(walk);
      });
    queues.set(walk, turn);
  });
}

async function feed(host: VisitorHost, block: ArrayBuffer, events: readonly FileEvent[]): Promise<void> {
  for (const event of events) {
    if (event.kind === 'start') host.start(event.file, event.entry);
    else if (event.kind === 'end') await host.end(event.file);
    else await host.chunk(event.file, new Uint8Array(block, event.from, event.to - event.from));
  }
}
