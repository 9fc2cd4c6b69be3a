import { Button, Drawer, MultiSelect, NumberInput, SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormButtons, FormError } from '../../components/feedback/form-parts.tsx';
import { useOrderExport } from './export-actions.tsx';
import { exportColumns, rowKinds } from './export-columns.ts';
import { ExportCount } from './export-count.tsx';
import { type ExportDraft, exportOrder } from './export-order.ts';
import classes from './exports.module.css';

const formats = ['csv', 'xlsx', 'jsonl'] as const;

interface NewExportProps {
  readonly opened: boolean;
  readonly close: () => void;
}

/** Asks what to export, with the number of rows before anything is ordered. */
export function NewExport({ opened, close }: NewExportProps) {
  const { t } = useTranslation(['exports', 'common']);
  return (
    <Drawer
      opened={opened}
      onClose={close}
      size={520}
      title={t('new')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Form close={close} />
    </Drawer>
  );
}

function Form({ close }: { readonly close: () => void }) {
  const { t, i18n } = useTranslation(['exports', 'common']);
  const formatLabel = useId();
  const order = useOrderExport(close);
  const [draft, setDraft] = useState<ExportDraft>({
    rows: 'finding',
    format: 'csv',
    filter: '',
    columns: [],
    language: i18n.language === 'zh' ? 'zh' : 'en',
    limit: '',
    bom: true,
    raw: false,
  });
  const change = (part: Partial<ExportDraft>): void => setDraft((old) => ({ ...old, ...part }));
  const { usual, more } = exportColumns[draft.rows];
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!order.isPending) order.mutate(exportOrder(draft));
      }}
    >
      <Select
        label={t('rows')}
        description={t(`kindHint.${draft.rows}`)}
        data={rowKinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        value={draft.rows}
        onChange={(value) => change({ rows: rowKinds.find((kind) => kind === value) ?? 'finding', columns: [] })}
      />
      <div>
        <span id={formatLabel} className={classes.label}>
          {t('column.format')}
        </span>
        <SegmentedControl
          fullWidth
          aria-labelledby={formatLabel}
          data={formats.map((value) => ({ value, label: t(`format.${value}`) }))}
          value={draft.format}
          onChange={(value) => change({ format: formats.find((one) => one === value) ?? 'csv' })}
        />
      </div>
      <TextInput
        label={t('filter')}
        placeholder={t('common:filter.placeholder')}
        value={draft.filter}
        maxLength={10_000}
        spellCheck={false}
        autoComplete="off"
        data-autofocus
        onChange={(event) => change({ filter: event.currentTarget.value })}
      />
      <ExportCount rows={draft.rows} filter={draft.filter} limit={draft.limit} />
      <MultiSelect
        label={t('columns')}
        description={t('columnsHint')}
        placeholder={draft.columns.length === 0 ? t('columnsUsual', { count: usual.length }) : ''}
        data={[
          { group: t('columnsGroup.usual'), items: [...usual] },
          ...(more.length === 0 ? [] : [{ group: t('columnsGroup.more'), items: [...more] }]),
        ]}
        value={[...draft.columns]}
        onChange={(columns) => change({ columns })}
        searchable
        clearable
        hidePickedOptions
      />
      <NumberInput
        label={t('limit')}
        placeholder={t('limitNone')}
        min={1}
        allowDecimal={false}
        allowNegative={false}
        thousandSeparator=" "
        value={draft.limit}
        onChange={(value) => change({ limit: typeof value === 'number' ? value : '' })}
      />
      {draft.format === 'csv' && (
        <>
          <Switch
            label={t('bom')}
            description={t('bomHint')}
            checked={draft.bom}
            onChange={(event) => change({ bom: event.currentTarget.checked })}
          />
          <Switch
            label={t('raw')}
            description={t('rawHint')}
            checked={draft.raw}
            onChange={(event) => change({ raw: event.currentTarget.checked })}
          />
        </>
      )}
      <FormError error={order.error} />
      <FormButtons>
        <Button variant="default" onClick={close}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={order.isPending}>
          {t('submit')}
        </Button>
      </FormButtons>
    </form>
  );
}
