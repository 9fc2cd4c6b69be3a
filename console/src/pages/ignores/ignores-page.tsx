import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.tsx';
import { Page } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { DecisionHistory } from './decision-history.tsx';
import { DecisionsInForce } from './decisions-in-force.tsx';
import { ImportDecisions } from './import-decisions.tsx';
import { NewIgnoreDialog } from './new-ignore-dialog.tsx';

/** What was decided about findings: what is in force, what it was before, and taking over documents. */
export function IgnoresPage() {
  const { t } = useTranslation('ignores');
  const { may } = useSession();
  const [adding, setAdding] = useState(false);
  const mayDecide = may('drydock:decision:write');
  return (
    <Page
      title={t('title')}
      subtitle={t('subtitle')}
      fill
      actions={
        mayDecide && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
            {t('addIgnore')}
          </Button>
        )
      }
    >
      <PageTabs
        tabs={[
          { id: 'force', label: t('tab.force') },
          { id: 'history', label: t('tab.history') },
          ...(mayDecide ? [{ id: 'import', label: t('tab.import') }] : []),
        ]}
      >
        {(tab) => {
          if (tab === 'history') return <DecisionHistory />;
          if (tab === 'import') return <ImportDecisions />;
          return <DecisionsInForce add={mayDecide ? () => setAdding(true) : undefined} />;
        }}
      </PageTabs>
      <NewIgnoreDialog opened={adding} close={() => setAdding(false)} />
    </Page>
  );
}
