import { api } from '../../api/client.ts';

const firstMs = 250;
const waitMs = 1000;
const limitMs = 10 * 60_000;

/** Where the file of an export is; the browser can repeat and resume it. */
export function fileOf(id: string): string {
  return `/api/v1/exports/${encodeURIComponent(id)}/file`;
}

/** Hands a file to the browser's own download, which needs no memory of the page. */
export function download(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}

/** Downloads an export when it is written; gives up silently where the list of exports tells the rest. */
export async function downloadWhenReady(id: string): Promise<void> {
  const end = Date.now() + limitMs;
  for (let pause = firstMs; Date.now() < end; pause = Math.min(waitMs, pause * 2)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const made = await api.GET('/api/v1/exports/{id}', { params: { path: { id } } }).then(
      ({ data }) => data,
      () => undefined,
    );
    if (made === undefined) continue;
    if (made.state === 'success') download(fileOf(id));
    if (made.state !== 'queued' && made.state !== 'running') return;
  }
}
