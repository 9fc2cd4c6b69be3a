import { useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { refresh } from '../../components/feedback/use-change.ts';
import { isScanning } from './verdict.ts';

const followMs = 1000;

/** The image that the address names; followed each second while it is scanned. */
export function useImage() {
  const { uuid = '' } = useParams({ strict: false }) as { readonly uuid?: string };
  const answer = $api.useQuery(
    'get',
    '/api/v1/images/{uuid}',
    { params: { path: { uuid } } },
    { refetchInterval: ({ state }) => (state.data !== undefined && isScanning(state.data) ? followMs : false) },
  );
  useRefreshAfterScan(answer.data);
  return answer;
}

/** When a scan has ended while the page was open, what stands in its tabs is old. */
function useRefreshAfterScan(image: Schema<'Image'> | undefined): void {
  const scanning = image !== undefined && isScanning(image);
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !scanning) refresh(['/api/v1/findings', '/api/v1/images/', '/api/v1/risks']);
    was.current = scanning;
  }, [scanning]);
}
