import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';

/**
 * Ends a server: new requests get 503, mounts end their event streams (`preClose`), answers under way may finish, and connections that
 * are still open after `graceMs` are closed. Calling it again waits for nothing.
 */
export async function drainServer(app: FastifyInstance, state: { draining: boolean }, graceMs: number): Promise<void> {
  if (state.draining) return;
  state.draining = true;
  const server = app.server as Server;
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  // Connections that became idle since are closed at once: nobody will use them again.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  try {
    await app.close();
  } finally {
    clearTimeout(force);
    clearInterval(sweep);
  }
}
