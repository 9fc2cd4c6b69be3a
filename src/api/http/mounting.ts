import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Mount } from './contract.ts';
import { ownerOf } from './request-head.ts';

/** Routing constraint `owner`: a route of a mount matches only requests that the mount owns. */
export function ownerConstraint(mounts: readonly Mount[]): object {
  return {
    name: 'owner',
    storage: () => {
      const handlers = new Map<string, unknown>();
      return {
        get: (owner: string) => handlers.get(owner) ?? null,
        set: (owner: string, handler: unknown) => void handlers.set(owner, handler),
      };
    },
    deriveConstraint: (request: IncomingMessage) => ownerOf(request, mounts)?.name,
    validate: () => true,
    // A request of a mount never falls through to pages of the server.
    mustMatchWhenDerived: true,
  };
}

/** Registers every mount in a context of its own; its routes get its constraint and its body limit. */
export async function registerMounts(app: FastifyInstance, mounts: readonly Mount[]): Promise<void> {
  for (const mount of mounts) {
    await app.register(async (scope) => {
      scope.addHook('onRoute', (route: RouteOptions) => {
        route.constraints = { ...route.constraints, owner: mount.name };
        route.bodyLimit ??= mount.bodyLimit;
      });
      await mount.plugin(scope);
    });
  }
}
