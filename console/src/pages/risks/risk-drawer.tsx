import type { Schema } from '../../api/client.ts';
import { DetailActions, DetailDrawer } from '../../components/drawer/detail-drawer.tsx';
import { useText } from '../../i18n/text.ts';
import { DecideButtons } from './decide-buttons.tsx';
import { RiskDetails } from './risk-details.tsx';

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
  const text = useText();
  return (
    <DetailDrawer opened={hit !== null} onClose={close} title={hit === null ? '' : <bdi>{text(hit.title)}</bdi>}>
      {hit !== null && (
        <>
          <RiskDetails hit={hit} />
          {decide !== undefined && (
            <DetailActions>
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
            </DetailActions>
          )}
        </>
      )}
    </DetailDrawer>
  );
}
