import { Button, Modal, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { FormButtons, FormError } from '../feedback/form-parts.tsx';
import { imageText } from '../show/image-name.tsx';
import classes from './bulk-fix.module.css';
import { type FixSelection, fixSelection, ordersOf } from './fix-selection.ts';
import { type FixStrategy, fixStrategies } from './strategies.ts';
import { useOrderFixes } from './use-order-fixes.ts';

interface BulkFixDialogProps {
  readonly opened: boolean;
  readonly close: () => void;
  /** Vulnerabilities by their keys; fixed in every image that has them. */
  readonly vulnerabilities: readonly { readonly key: string; readonly id: string }[];
  readonly after?: (() => void) | undefined;
}

/** Fixes vulnerabilities in all images that have them: tells how many images that are before anything is ordered. */
export function BulkFixDialog(props: BulkFixDialogProps) {
  const { t } = useTranslation(['fixing', 'common']);
  const [only] = props.vulnerabilities;
  const title =
    props.vulnerabilities.length === 1 && only !== undefined
      ? t('titleOne', { id: only.id })
      : t('titleMany', { count: props.vulnerabilities.length });
  return (
    <Modal
      opened={props.opened}
      onClose={props.close}
      size={520}
      title={<bdi>{title}</bdi>}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <BulkFixBody {...props} />
    </Modal>
  );
}

function BulkFixBody({ close, vulnerabilities, after }: BulkFixDialogProps) {
  const { t } = useTranslation(['fixing', 'common']);
  const label = useId();
  const [strategy, setStrategy] = useState<FixStrategy>('best-effort');
  const keys = vulnerabilities.map(({ key }) => key);
  const found = useQuery({
    queryKey: ['get', '/api/v1/findings', 'fix selection', keys],
    queryFn: ({ signal }) => fixSelection(keys, signal),
    staleTime: 0,
  });
  const order = useOrderFixes(() => {
    close();
    after?.();
  });
  const selection = found.data;
  const without = new Set(vulnerabilities.map(({ id }) => id).filter((id) => selection?.ids.has(id) === false));
  const nothing = selection !== undefined && selection.images.size === 0;
  return (
    <div className={classes.body}>
      <FormError error={found.error} />
      {selection === undefined ? (
        <div className={classes.wait} role="status" aria-label={t('common:loading')} />
      ) : (
        <div className={classes.sum} role="status" data-nothing={nothing || undefined}>
          <strong>{nothing ? t('nothing') : t('images', { count: selection.images.size })}</strong>
          {!nothing && <span>{t('findings', { count: selection.records })}</span>}
        </div>
      )}
      {selection !== undefined && !nothing && <FixedImages selection={selection} />}
      {without.size > 0 && (
        <p className={classes.note}>
          {t('without', { count: without.size })} {t('withoutWhy')}
        </p>
      )}
      {!nothing && (
        <>
          <div>
            <span id={label} className={classes.label}>
              {t('strategy')}
            </span>
            <SegmentedControl
              fullWidth
              aria-labelledby={label}
              data={fixStrategies.map((value) => ({ value, label: t(`strategies.${value}`) }))}
              value={strategy}
              onChange={(value) => setStrategy(fixStrategies.find((one) => one === value) ?? 'best-effort')}
            />
          </div>
          <p className={classes.note}>{t('what')}</p>
        </>
      )}
      <FormError error={order.error} />
      <FormButtons>
        <Button variant="default" onClick={close} data-autofocus={nothing || undefined}>
          {nothing ? t('common:close') : t('common:cancel')}
        </Button>
        {!nothing && (
          <Button
            disabled={selection === undefined}
            loading={order.isPending}
            onClick={() => selection !== undefined && order.mutate(ordersOf(selection, strategy))}
            data-autofocus
          >
            {selection === undefined ? t('submitWait') : t('submit', { count: selection.images.size })}
          </Button>
        )}
      </FormButtons>
    </div>
  );
}

const named = 6;

/** The images with the most findings to fix, by name. */
function FixedImages({ selection }: { readonly selection: FixSelection }) {
  const { t } = useTranslation('fixing');
  const first = [...selection.images].sort((a, b) => b[1].length - a[1].length).slice(0, named);
  const { data } = $api.useQuery('get', '/api/v1/images', {
    params: { query: { q: `uuid:${first.map(([uuid]) => uuid).join(',')}`, limit: String(named) } },
  });
  const nameOf = (uuid: string): string => {
    const image = data?.items.find((one) => one.uuid === uuid);
    return image === undefined ? '…' : imageText(image);
  };
  const more = selection.images.size - first.length;
  return (
    <ul className={classes.images}>
      {first.map(([uuid, records]) => (
        <li key={uuid}>
          <bdi>{nameOf(uuid)}</bdi>
          <span className="num">{t('count', { count: records.length })}</span>
        </li>
      ))}
      {more > 0 && (
        <li>
          <span>{t('moreImages', { count: more })}</span>
        </li>
      )}
    </ul>
  );
}
