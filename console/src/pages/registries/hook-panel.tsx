import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Panel } from '../../components/page/page.tsx';
import { CodeBlock } from '../../components/show/code-block.tsx';
import classes from './registry-page.module.css';

interface Secret {
  readonly secret: string;
  readonly path: string;
}

/** Push notifications of a registry: a secret, shown once, and where it goes. */
export function HookPanel({ registry }: { readonly registry: Schema<'Registry'> }) {
  const { t } = useTranslation(['registries', 'common']);
  const { may } = useSession();
  const make = useChange<void, Secret | undefined>({
    run: async () =>
      (
        await api.POST('/api/v1/registries/{id}/hook-secret', {
          params: { path: { id: String(registry.id) } },
          body: {},
        })
      ).data,
    touches: [],
  });
  const allowed = may('drydock:registry:write', registry.projectId);
  return (
    <Panel title={t('hook.title')}>
      <div className={classes.secret}>
        <p className={classes.quiet}>{t('hook.hint')}</p>
        {make.data !== undefined && <MadeSecret made={make.data} />}
        {allowed ? (
          <div className={classes.line}>
            <Button
              variant={make.data === undefined ? 'filled' : 'default'}
              leftSection={<IconKey size={16} />}
              loading={make.isPending}
              onClick={() => make.mutate()}
            >
              {t('hook.make')}
            </Button>
            <span className={classes.quiet}>{t('hook.again')}</span>
          </div>
        ) : (
          <p className={classes.quiet}>{t('common:notAllowed', { action: 'drydock:registry:write' })}</p>
        )}
      </div>
    </Panel>
  );
}

function MadeSecret({ made: { secret, path } }: { readonly made: Secret }) {
  const { t } = useTranslation('registries');
  const url = `${window.location.origin}${path}`;
  const header = `Authorization: Bearer ${secret}`;
  const snippet = [
    'notifications:',
    '  endpoints:',
    '    - name: drydock',
    `      url: ${url}`,
    `      headers: { Authorization: [Bearer ${secret}] }`,
    '      timeout: 5s',
    '      threshold: 5',
    '      backoff: 30s',
  ].join('\n');
  return (
    <div className={classes.secret} role="status">
      <p className={classes.once}>
        <strong>{t('hook.once')}.</strong> {t('hook.onceHint')}
      </p>
      <CodeBlock label={t('hook.secret')} text={secret} wrap />
      <CodeBlock label={t('hook.address')} text={url} wrap />
      <CodeBlock label={t('hook.distribution')} text={snippet} />
      <CodeBlock label={t('hook.harbor')} text={header} wrap />
    </div>
  );
}
