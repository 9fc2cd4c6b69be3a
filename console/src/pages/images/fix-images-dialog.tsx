import { Button, Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { FormButtons, FormError } from '../../components/feedback/form-parts.tsx';
import { type FixStrategy, fixStrategies } from '../../components/fix/strategies.ts';
import { useOrderFixes } from '../../components/fix/use-order-fixes.ts';
import classes from './fix-images-dialog.module.css';
import { fixableImages, ordersOf } from './fix-orders.ts';

type Image = Schema<'Image'>;

interface FixImagesDialogProps {
  readonly opened: boolean;
  readonly close: () => void;
  readonly images: readonly Image[];
  readonly after: () => void;
}

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

function FixForm({ close, images, after }: FixImagesDialogProps) {
  const { t } = useTranslation(['images', 'common']);
  const [strategy, setStrategy] = useState<FixStrategy>('best-effort');
  const fixable = fixableImages(images);
  const findings = fixable.reduce((sum, { counts }) => sum + counts.cve.fixable, 0);
  const order = useOrderFixes(() => {
    close();
    after();
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!order.isPending) order.mutate(ordersOf(images, strategy));
      }}
    >
      <ul className={classes.facts}>
        <li>{t('fix.takes', { count: findings })}</li>
        {images.length > fixable.length && <li>{t('fix.leaves', { count: images.length - fixable.length })}</li>}
        <li>{t('fix.tags')}</li>
        <li>{t('fix.verified')}</li>
      </ul>
      <Radio.Group value={strategy} onChange={(value) => setStrategy(value as FixStrategy)} label={t('fix.strategy')}>
        <Stack gap={8} mt={6}>
          {fixStrategies.map((value) => (
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
      <FormError error={order.error} />
      <FormButtons>
        <Button variant="default" onClick={close}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" data-autofocus loading={order.isPending} disabled={fixable.length === 0}>
          {t('fix.submit', { count: fixable.length })}
        </Button>
      </FormButtons>
    </form>
  );
}
