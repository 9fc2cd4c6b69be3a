import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Call } from '../../service/index.ts';
import type { Caller, NativeDeps } from './contract.ts';

/** What the handler of a route gets: validated input, and the call with the projects of its action. */
export interface RouteCall<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly call: Call;
  readonly caller: Caller;
  readonly deps: NativeDeps;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Values of services are read-only, values of schemas are not. */
export type Answer<T> = T extends (infer E)[]
  ? readonly Answer<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Answer<T[K]> }
    : T;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call a route: an action that a policy must allow (deny by default), `signed-in` for what concerns only the caller,
 * `public` for signing in and for hooks, which bring their own proof.
 */
export type RouteAccess = `drydock:${string}:${string}` | 'signed-in' | 'public';

interface RouteHead {
  readonly method: Method;
  /** Below `/api/v1`; parameters as `:name`. */
  readonly path: string;
  readonly access: RouteAccess;
  /** The action must be allowed for all projects: what it touches belongs to no project. */
  readonly global?: true;
  readonly summary: string;
  readonly tag: string;
  /** Status of success; 200 unless said. */
  readonly status?: 200 | 201 | 202 | 204;
  /** The answer has an `ETag`; GET knows `If-None-Match`, and changes know `If-Match`. */
  readonly etag?: true;
  /** The answer holds a secret and is kept for no repetition. */
  readonly secret?: true;
  /** The handler writes the answer itself: streams and files. */
  readonly raw?: true;
  /** Content type of a raw answer. */
  readonly content?: string;
  /** Bytes that the body may have; the bytes arrive unparsed when `raw`. */
  readonly bodyLimit?: number;
  /** Recorded in the audit log when it has succeeded; absent where the use case records by itself. */
  readonly audit?: string;
  /** POST that changes nothing: needs no key. */
  readonly safe?: true;
}

/** A route with everything that its description, its check and its test need. */
export interface Route extends RouteHead {
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  readonly answer: z.ZodType | undefined;
  handle(call: RouteCall<unknown, unknown, unknown>): Promise<unknown>;
}

/** Declares a route; input and answer of its handler have the types of its schemas. */
export function route<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  A extends z.ZodType = z.ZodVoid,
>(
  spec: RouteHead & {
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    readonly answer?: A;
    readonly handle: (call: RouteCall<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Answer<z.output<A>>>;
  },
): Route {
  return {
    ...spec,
    params: spec.params,
    query: spec.query,
    body: spec.body,
    answer: spec.answer,
    // Fastify hands over exactly what the schemas made of the request.
    handle: spec.handle as unknown as Route['handle'],
  };
}
