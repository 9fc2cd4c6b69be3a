import { Button, Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSetSearch } from '../../app/url-state.ts';
import { Facts } from '../../components/page/page.tsx';
import { CodeBlock } from '../../components/show/code-block.tsx';
import { Time } from '../../components/show/values.tsx';
import classes from './audit.module.css';
import { changedMembers, redacted, shown } from './changed-members.ts';
import type { AuditEntry } from './use-audit.ts';

/** One entry: who, from where, and what was before and after. */
export function EntryDrawer({ entry, close }: { readonly entry: AuditEntry | undefined; readonly close: () => void }) {
  const { t } = useTranslation(['audit', 'common']);
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={close}
      size="xl"
      title={entry === undefined ? '' : t('entry.title', { seq: entry.seq })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {entry !== undefined && <Entry entry={entry} />}
    </Drawer>
  );
}

function Entry({ entry }: { readonly entry: AuditEntry }) {
  const { t } = useTranslation('audit');
  const setSearch = useSetSearch();
  const { actor } = entry;
  const narrow = (filter: { user?: string; object?: string }): void =>
    setSearch({ user: undefined, action: undefined, object: undefined, ...filter, entry: undefined });
  return (
    <div className={classes.entry}>
      <div>
        <div className={classes.what}>{entry.action}</div>
        <div className={classes.object}>{entry.object}</div>
      </div>
      <Facts
        items={[
          [t('entry.user'), <bdi key="user">{actor.name}</bdi>],
          [t('entry.time'), <Time key="time" at={entry.at} exact />],
          [
            t('entry.address'),
            <bdi key="address" className="mono">
              {actor.address ?? '–'}
            </bdi>,
          ],
          actor.accessKeyId === null
            ? null
            : [
                t('entry.accessKey'),
                <bdi key="key" className="mono">
                  {actor.accessKeyId}
                </bdi>,
              ],
          [
            t('entry.request'),
            <bdi key="request" className="mono">
              {actor.requestId}
            </bdi>,
          ],
        ]}
      />
      <div className={classes.narrow}>
        <Button variant="default" size="compact-sm" onClick={() => narrow({ user: actor.name })}>
          {t('entry.byUser')}
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => narrow({ object: entry.object })}>
          {t('entry.byObject')}
        </Button>
      </div>
      <Detail detail={entry.detail} />
      <CodeBlock label={t('entry.whole')} text={JSON.stringify(entry, null, 2)} wrap />
    </div>
  );
}

function Detail({ detail }: { readonly detail: AuditEntry['detail'] }) {
  const { t } = useTranslation('audit');
  const changes = changedMembers(detail);
  const rest = Object.entries(detail).filter(([name]) => changes === null || (name !== 'before' && name !== 'after'));
  if (changes === null && rest.length === 0) return <p className={classes.hint}>{t('entry.none')}</p>;
  return (
    <>
      {changes !== null && changes.length > 0 && (
        <section>
          <h3 className={classes.heading}>{t('entry.change')}</h3>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('entry.member')}</th>
                <th scope="col">{t('entry.before')}</th>
                <th scope="col">{t('entry.after')}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ name, before, after }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td data-side="before">
                    <Value value={before} />
                  </td>
                  <td data-side="after">
                    <Value value={after} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className={classes.hint}>{t('entry.unchanged')}</p>
        </section>
      )}
      {rest.length > 0 && (
        <section>
          <h3 className={classes.heading}>{t('entry.detail')}</h3>
          <table className={classes.table}>
            <tbody>
              {rest.map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>
                    <Value value={value} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

function Value({ value }: { readonly value: unknown }) {
  const { t } = useTranslation('audit');
  if (value === undefined) return <span className={classes.quiet}>{t('entry.absent')}</span>;
  if (value === redacted) return <span className={classes.redacted}>{t('entry.redacted')}</span>;
  return <bdi>{shown(value)}</bdi>;
}
