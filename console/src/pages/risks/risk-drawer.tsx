import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useText } from '../../i18n/text.ts';
import { DecideButtons } from './decide-buttons.tsx';
import { RiskDetails } from './risk-details.tsx';
import classes from './risks.module.css';

type Hit = Schema<'RiskHit'>;

interface RiskDrawerProps {
  /** Null = closed. */
  readonly hit: Hit | null;
  readonly close: () => void;
  readonly busy: boolean;
  /** Absent where the role may not decide. */
  readonly decide: ((hit: Hit) => void) | undefined;
  readonly reopen: (hit: Hit) => void;
}

/** Everything that is known of one finding, and what can be decided on it. */
export function RiskDrawer({ hit, close, busy, decide, reopen }: RiskDrawerProps) {
  const { t } = useTranslation(['risks', 'common']);
  const text = useText();
  return (
    <Drawer
      opened={hit !== null}
      onClose={close}
      size={620}
      title={hit === null ? '' : <bdi>{text(hit.title)}</bdi>}
      classNames={{ title: classes.heading ?? '', body: classes.drawer ?? '' }}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {hit !== null && (
        <>
          <RiskDetails hit={hit} />
          {decide !== undefined && (
            <div className={classes.foot}>
              <DecideButtons
                size="sm"
                statuses={[hit.status]}
                busy={busy}
                decide={() => {
                  close();
                  decide(hit);
                }}
                reopen={() => reopen(hit)}
              />
            </div>
          )}
        </>
      )}
    </Drawer>
  );
}
