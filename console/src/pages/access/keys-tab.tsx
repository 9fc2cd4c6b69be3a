import { $api } from '../../api/client.ts';
import { ErrorState } from '../../components/feedback/states.tsx';
import { KeyList } from './key-list.tsx';

/** Keys and tokens of everybody. */
export function KeysTab() {
  const { data, error, refetch } = $api.useQuery('get', '/api/v1/users');
  if (data === undefined && error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
  return <KeyList users={data?.items} fill />;
}
