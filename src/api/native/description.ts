import { fastify } from 'fastify';
import type { NativeDeps } from './contract.ts';
import { nativeApi } from './native-api.ts';

/** The description of the native API (OpenAPI 3.1), made from its routes alone: nothing is asked or started. */
export async function describeNativeApi(): Promise<object> {
  const app = fastify({ routerOptions: { maxParamLength: 2000 } });
  // No handler runs but the one of the description.
  await nativeApi(app, { settings: { version: '1' } } as NativeDeps);
  const answer = await app.inject('/api/v1/openapi.json');
  await app.close();
  return JSON.parse(answer.body) as object;
}
