import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { EmptyState } from '../../../components/feedback/states.tsx';
import { Panel } from '../../../components/page/page.tsx';
import classes from './documents.module.css';
import { ReferrersPanel } from './referrers-panel.tsx';

const groups = [
  { id: 'sbom', formats: ['cyclonedx', 'spdx'] },
  { id: 'findings', formats: ['openvex', 'sarif', 'junit', 'csv', 'html'] },
] as const;

/** Documents about an image: made here at any time, and those that the registry holds. */
export function DocumentsTab({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  return (
    <>
      {image.scan.finishedAt === null ? (
        <EmptyState title={t('empty.unscanned')} hint={t('documents.unscanned')} />
      ) : (
        groups.map(({ id, formats }) => (
          <Panel key={id} title={t(`documents.${id}`)} flush>
            <ul className={classes.documents}>
              {formats.map((format) => (
                <li key={format} className={classes.document}>
                  <div className={classes.words}>
                    <strong>{t(`documents.format.${format}.name`)}</strong>
                    <span>{t(`documents.format.${format}.about`)}</span>
                  </div>
                  <Button
                    component="a"
                    variant="default"
                    size="compact-sm"
                    leftSection={<IconDownload size={15} />}
                    href={`/api/v1/images/${image.uuid}/documents/${format}`}
                    download
                    aria-label={t('documents.downloadOf', { name: t(`documents.format.${format}.name`) })}
                  >
                    {t('documents.download')}
                  </Button>
                </li>
              ))}
            </ul>
          </Panel>
        ))
      )}
      <ReferrersPanel image={image} />
    </>
  );
}
