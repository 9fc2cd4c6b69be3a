import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import classes from './explorer.module.css';

/** An operation in the list. */
export interface ListedOperation {
  readonly id: string;
  readonly text: string;
  readonly aside?: string | undefined;
  readonly method?: string | undefined;
  readonly group?: string | undefined;
}

interface OperationListProps {
  readonly operations: readonly ListedOperation[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
  /** Language of groups and remarks where they are those of the description: it is English in every language. */
  readonly lang?: 'en';
}

/** Operations by group, narrowed by a text. */
export function OperationList({ operations, chosen, onChoose, lang }: OperationListProps) {
  const { t } = useTranslation('explorer');
  const [find, setFind] = useUrlState('find');
  const wanted = find.toLowerCase();
  const shown = operations.filter(({ text, aside = '', id }) =>
    `${text} ${aside} ${id}`.toLowerCase().includes(wanted),
  );
  return (
    <div className={classes.side}>
      <TextInput
        aria-label={t('find')}
        placeholder={t('find')}
        leftSection={<IconSearch size={16} />}
        value={find}
        onChange={(event) => setFind(event.currentTarget.value)}
      />
      <nav className={classes.list} aria-label={t('operations')}>
        <div {...(lang === undefined ? {} : { lang })}>
          {shown.length === 0 && <p className={classes.hint}>{t('noHit')}</p>}
          {shown.map(({ id, text, aside, method, group }, index) => (
            <div key={id}>
              {group !== undefined && shown[index - 1]?.group !== group && <div className={classes.group}>{group}</div>}
              <button
                type="button"
                className={classes.operation}
                aria-current={id === chosen || undefined}
                title={aside}
                onClick={() => onChoose(id)}
                // Only where it is out of sight: an address that was opened, not every click.
                ref={(element) => {
                  if (id === chosen) element?.scrollIntoView({ block: 'nearest' });
                }}
              >
                {method !== undefined && (
                  <span className={classes.method} data-method={method}>
                    {method}
                  </span>
                )}
                <bdi className={classes.operationText}>{text}</bdi>
              </button>
            </div>
          ))}
        </div>
      </nav>
    </div>
  );
}
