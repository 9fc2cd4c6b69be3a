import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './shell.module.css';

const anywhere = [
  [['⌘K', 'Ctrl K'], 'palette'],
  [['?'], 'help'],
  [['/'], 'filter'],
  [['g', 'o i v f e r'], 'goTo'],
] as const;
const lists = [
  [['j', '↓'], 'down'],
  [['k', '↑'], 'up'],
  [['Enter'], 'open'],
  [['x'], 'select'],
  [['f'], 'fix'],
  [['i'], 'ignore'],
  [['e'], 'export'],
] as const;

/** Every key that does something. */
export function HelpDialog({ opened, close }: { readonly opened: boolean; readonly close: () => void }) {
  const { t } = useTranslation(['shell', 'common']);
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('help.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {(
        [
          ['anywhere', anywhere],
          ['lists', lists],
        ] as const
      ).map(([name, keys]) => (
        <section key={name}>
          <h3>{t(`help.${name}`)}</h3>
          <dl className={classes.keys}>
            {keys.map(([caps, label]) => (
              <div key={label} style={{ display: 'contents' }}>
                <dt>
                  {caps.map((cap) => (
                    <kbd key={cap} className={classes.kbd}>
                      {cap}
                    </kbd>
                  ))}
                </dt>
                <dd>{t(`help.${label}`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
