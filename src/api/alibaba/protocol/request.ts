import type { FastifyRequest } from 'fastify';
import { missing } from '../errors.ts';
import { isAcs3 } from './acs3.ts';
import { decodeParameters, type RequestParameters } from './parameters.ts';

/** A request as both signature schemes see it. */
export interface RpcRequest {
  readonly method: string;
  readonly parameters: RequestParameters;
  /** Values by lower-case name, every occurrence. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Uint8Array;
  readonly address: string;
}

/** The first value of a header; empty when it is missing. */
export function headerOf(request: Pick<RpcRequest, 'headers'>, name: string): string {
  return request.headers.get(name)?.[0] ?? '';
}

/** Decodes what Fastify hands over. @throws RpcError `InvalidParameter` */
export function readRequest(request: FastifyRequest): RpcRequest {
  const headers = new Map<string, string[]>();
  const { rawHeaders } = request.raw;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [rawHeaders[index + 1] ?? '']);
    else values.push(rawHeaders[index + 1] ?? '');
  }
  const target = request.raw.url ?? '/';
  const mark = target.indexOf('?');
  const query = mark < 0 ? '' : (target.slice(mark + 1).split('#', 1)[0] ?? '');
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  return {
    method: request.method,
    parameters: decodeParameters(query, body, headers.get('content-type')?.[0]),
    headers,
    body,
    address: request.ip,
  };
}

/** Whether signature 1.0 signs the request: it has the parameters of that scheme and no `Authorization` of the other. */
export function isSignatureOne(request: RpcRequest): boolean {
  if (isAcs3(request.headers.get('authorization')?.[0])) return false;
  const { all } = request.parameters;
  return all.has('AccessKeyId') || all.has('Signature');
}

/**
 * Operation and version. A parameter wins over the header; with signature 1.0 headers are not signed and do not count.
 * @throws RpcError `MissingAction`, `MissingVersion`
 */
export function operationOf(request: RpcRequest): { readonly action: string; readonly version: string } {
  const { all } = request.parameters;
  const headers = !isSignatureOne(request);
  const named = (parameter: string, header: string): string =>
    all.get(parameter) || (headers ? headerOf(request, header) : '');
  const action = named('Action', 'x-acs-action');
  const version = named('Version', 'x-acs-version');
  if (action === '') throw missing('Action');
  if (version === '') throw missing('Version');
  return { action, version };
}
