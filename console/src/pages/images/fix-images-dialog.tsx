import { Button, Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useGo } from '../../app/go.ts';
import { useErrorText } from '../../components/feedback/states.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import classes from './fix-images-dialog.module.css';
import { fixableImages, ordersOf } from './fix-orders.ts';

type Image = Schema<'Image'>;
type Strategy = NonNullable<Schema<'FixOrderInput'>['strategy']>;

interface FixImagesDialogProps {
  readonly opened: boolean;
  readonly close: () => void;
  readonly images: readonly Image[];
  readonly after: () => void;
}

const strategies: readonly Strategy[] = ['best-effort', 'all-or-nothing'];
const keys = { 'best-effort': 'bestEffort', 'all-or-nothing': 'allOrNothing' } as const;

/** Orders fixes of several images; says before what will happen to how many of them. */
export function FixImagesDialog(props: FixImagesDialogProps) {
  const { t } = useTranslation(['images', 'common']);
  return (
    <Modal
      opened={props.opened}
      onClose={props.close}
      size={520}
      title={t('fix.title', { count: fixableImages(props.images).length })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <FixForm {...props} />
    </Modal>
  );
}

/** Sends all requests; what was taken before one is refused is under way and has to be told. */
async function orderAll(images: readonly Image[], strategy: Strategy): Promise<{ ordered: number; error: unknown }> {
  let ordered = 0;
  for (const orders of ordersOf(images, strategy)) {
    try {
      const { data } = await api.POST('/api/v1/fixes', { body: { orders: [...orders] } });
      ordered += data?.items.length ?? 0;
    } catch (error) {
      if (ordered === 0) throw error;
      return { ordered, error };
    }
  }
  return { ordered, error: null };
}

function FixForm({ close, images, after }: FixImagesDialogProps) {
  const { t } = useTranslation(['images', 'common']);
  const go = useGo();
  const errorText = useErrorText();
  const [strategy, setStrategy] = useState<Strategy>('best-effort');
  const fixable = fixableImages(images);
  const findings = fixable.reduce((sum, { counts }) => sum + counts.cve.fixable, 0);
  const order = useChange<Strategy, { ordered: number; error: unknown }>({
    run: (chosen) => orderAll(fixable, chosen),
    touches: ['/api/v1/fixes', '/api/v1/findings', '/api/v1/images'],
    done: ({ ordered, error }) => ({
      text: [t('fix.ordered', { count: ordered }), error === null ? '' : errorText(error)].join(' ').trim(),
      open: { label: t('fix.open'), run: () => go('/fixes') },
    }),
    after: () => {
      close();
      after();
    },
    quiet: true,
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!order.isPending) order.mutate(strategy);
      }}
    >
      <ul className={classes.facts}>
        <li>{t('fix.takes', { count: findings })}</li>
        {images.length > fixable.length && <li>{t('fix.leaves', { count: images.length - fixable.length })}</li>}
        <li>{t('fix.tags')}</li>
        <li>{t('fix.verified')}</li>
      </ul>
      <Radio.Group value={strategy} onChange={(value) => setStrategy(value as Strategy)} label={t('fix.strategy')}>
        <Stack gap={8} mt={6}>
          {strategies.map((value) => (
            <Radio
              key={value}
              value={value}
              size="sm"
              label={t(`fix.${keys[value]}`)}
              description={t(`fix.${keys[value]}Hint`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {order.error !== null && (
        <p role="alert" className={classes.error}>
          {errorText(order.error)}
        </p>
      )}
      <div className={classes.actions}>
        <Button variant="default" onClick={close}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" data-autofocus loading={order.isPending} disabled={fixable.length === 0}>
          {t('fix.submit', { count: fixable.length })}
        </Button>
      </div>
    </form>
  );
}
