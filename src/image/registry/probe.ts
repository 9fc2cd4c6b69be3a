import { randomBytes } from 'node:crypto';
import { discard, type HttpResponse } from '../../kernel/index.ts';
import type { Digest } from '../digest.ts';
import { mediaTypes } from '../model.ts';
import type { RegistryClient } from './client.ts';

/** Whether something works; otherwise the typed code and one sentence. */
export type ProbeResult = 'yes' | { readonly code: string; readonly reason: string };

/**
 * Whether content can be pushed: begins an upload and cancels it, so nothing stays. @throws RegistryError when the
 * registry cannot be reached at all
 */
export async function probePush(client: RegistryClient, repository: string, signal: AbortSignal): Promise<ProbeResult> {
  const access = { repository, push: true };
  const target = `/v2/${repository}/blobs/uploads/`;
  const response = await client.request({
    method: 'POST',
    target,
    access,
    headers: { 'content-length': '0' },
    signal,
  });
  if (response.status !== 202) return refusal(client, response, 'starting an upload');
  await discard(response);
  const location = await client.location(response.headers.location, response, signal);
  // Where cancelling is not supported, the session runs out by itself.
  await client
    .request({ method: 'DELETE', target: location, access, once: true, signal })
    .then(discard)
    .catch(() => signal.throwIfAborted());
  return 'yes';
}

/** Whether manifests can be deleted: asks to delete one that cannot exist, and reads the refusal. */
export async function probeDelete(
  client: RegistryClient,
  repository: string,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const nobody: Digest = `sha256:${randomBytes(32).toString('hex')}`;
  const response = await client.request({
    method: 'DELETE',
    target: `/v2/${repository}/manifests/${nobody}`,
    access: { repository, push: true, delete: true },
    signal,
  });
  if (response.status !== 404 && response.status !== 202) return refusal(client, response, 'deleting a manifest');
  await discard(response);
  return 'yes';
}

/** Whether the registry keeps the list of referrers itself. Without it the fallback tag is used. */
export async function probeReferrers(
  client: RegistryClient,
  repository: string,
  subject: Digest,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const response = await client.request({
    method: 'GET',
    target: `/v2/${repository}/referrers/${subject}`,
    access: { repository, push: false },
    signal,
  });
  const isIndex = response.headers['content-type']?.startsWith(mediaTypes.ociIndex);
  if (response.status === 200 && isIndex) {
    await discard(response);
    return 'yes';
  }
  const told = await refusal(client, response, 'asking for referrers');
  if (response.status === 401 || response.status === 403) return told;
  const reason = 'the registry does not list referrers; Drydock keeps them under the fallback tag of the specification';
  return { code: 'no_referrers_api', reason };
}

async function refusal(client: RegistryClient, response: HttpResponse, what: string): Promise<ProbeResult> {
  if (response.status === 405) {
    await discard(response);
    return { code: 'unsupported', reason: `${what}: ${response.url.host} does not support it` };
  }
  const error = await client.unexpected(response, what);
  return { code: error.code, reason: error.message };
}
