import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { Link } from '../../app/link.tsx';
import { ErrorState } from '../../components/feedback/states.tsx';
import { Facts, Page, Panel } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { Status } from '../../components/show/status.tsx';
import { Time } from '../../components/show/values.tsx';
import { KeyList } from './key-list.tsx';
import { useAccessFacts } from './use-access.ts';
import { UserActions } from './user-actions.tsx';
import { UserRights } from './user-rights.tsx';

/** One user: what it may do, and its keys. */
export function UserPage() {
  const { t } = useTranslation('access');
  const { mayEverywhere: may, me } = useSession();
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const facts = useAccessFacts();
  const { data: user, error, refetch } = $api.useQuery('get', '/api/v1/users/{id}', { params: { path: { id } } });
  const trail = <Link to="/access">{t('title')}</Link>;
  if (user === undefined) {
    return (
      <Page title={error === null ? '…' : t('user.missing')} trail={trail}>
        {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      </Page>
    );
  }
  const seesKeys = may('drydock:key:read') || may('drydock:token:read');
  return (
    <Page
      title={user.name}
      trail={trail}
      subtitle={
        <Status
          tone={user.disabled ? 'quiet' : 'good'}
          label={`${user.disabled ? t('user.disabled') : t('user.active')}${user.id === me.userId ? ` · ${t('you')}` : ''}`}
        />
      }
      actions={<UserActions user={user} />}
    >
      <Panel>
        <Facts
          items={[
            [t('user.signIn'), user.hasPassword ? t('user.password') : t('user.keysOnly')],
            [t('user.created'), <Time key="created" at={user.createdAt} />],
            [t('user.changed'), <Time key="changed" at={user.updatedAt} />],
            [
              t('user.id'),
              <span key="id" className="num">
                {user.id}
              </span>,
            ],
          ]}
        />
      </Panel>
      <PageTabs
        tabs={[{ id: 'rights', label: t('tab.rights') }, ...(seesKeys ? [{ id: 'keys', label: t('tab.keys') }] : [])]}
      >
        {(tab) =>
          tab === 'keys' ? <KeyList users={[user]} /> : <UserRights key={user.id} user={user} facts={facts} />
        }
      </PageTabs>
    </Page>
  );
}
