import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.tsx';
import { Page } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { KeysTab } from './keys-tab.tsx';
import { PoliciesTab } from './policies-tab.tsx';
import { ProjectsTab } from './projects-tab.tsx';
import { UsersTab } from './users-tab.tsx';

const tabs = [
  { id: 'users', needs: 'drydock:user:read', Tab: UsersTab },
  { id: 'keys', needs: 'drydock:key:read', Tab: KeysTab },
  { id: 'roles', needs: 'drydock:policy:read', Tab: PoliciesTab },
  { id: 'projects', needs: 'drydock:project:read', Tab: ProjectsTab },
] as const;

/** Users, their keys and tokens, policies and projects. */
export function AccessPage() {
  const { t } = useTranslation('access');
  const { mayEverywhere: may, may: anywhere } = useSession();
  const shown = tabs.filter(({ id, needs }) => (id === 'projects' ? anywhere(needs) : may(needs)));
  return (
    <Page title={t('title')} subtitle={t('subtitle')} fill>
      <PageTabs tabs={shown.map(({ id }) => ({ id, label: t(`tab.${id}`) }))}>
        {(tab) => {
          const found = shown.find(({ id }) => id === tab);
          return found === undefined ? null : <found.Tab />;
        }}
      </PageTabs>
    </Page>
  );
}
