import { Select, TagsInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import classes from './ignore.module.css';
import { type IgnoreDraft, type IgnoreKind, type IgnoreReach, ignoreReaches, isOfRisks } from './ignore-order.ts';
import { ReasonField } from './reason-field.tsx';
import type { IgnorePlace, IgnoreProjects } from './use-draft.ts';

interface IgnoreFormProps {
  readonly draft: IgnoreDraft;
  readonly change: (part: Partial<IgnoreDraft>) => void;
  readonly reaches: readonly IgnoreReach[];
  readonly projects: IgnoreProjects;
  readonly image?: IgnorePlace | undefined;
  readonly kind: IgnoreKind;
  /** The user has tried to send it: what is missing is said now. */
  readonly asked: boolean;
}

const verdicts = ['whitelisted', 'false_positive'] as const;

/** Where a decision holds, and why. */
export function IgnoreForm({ draft, change, reaches, projects, image, kind, asked }: IgnoreFormProps) {
  const { t } = useTranslation('ignores');
  const missing = (is: boolean): string | undefined => (asked && is ? t('dialog.missing') : undefined);
  const { reach, projectId, reason } = draft;
  const needsProject = reach === 'project' || (!projects.all && projects.options.length !== 1);
  return (
    <>
      {isOfRisks(kind) && (
        <Select
          label={t('dialog.verdict')}
          data={verdicts.map((value) => ({ value, label: t(`verdict.${value}`) }))}
          value={draft.verdict}
          onChange={(verdict) => verdict !== null && change({ verdict: verdict as 'whitelisted' })}
        />
      )}
      <div className={classes.pair}>
        <Select
          label={t('dialog.where')}
          data={reaches.map((value) => ({ value, label: t(`reach.${value}`) }))}
          value={reach}
          onChange={(value) => change({ reach: ignoreReaches.find((one) => one === value) ?? 'global' })}
        />
        <ReachField draft={draft} change={change} image={image} missing={missing} />
        {needsProject && (
          <Select
            label={t('reach.project')}
            data={[...projects.options]}
            value={projectId === null ? null : String(projectId)}
            onChange={(value) => change({ projectId: value === null ? null : Number(value) })}
            error={missing(projectId === null)}
            searchable
          />
        )}
      </div>
      <ReasonField
        value={reason}
        onChange={(value) => change({ reason: value })}
        missing={asked && reason.trim() === ''}
      />
    </>
  );
}

interface ReachFieldProps extends Pick<IgnoreFormProps, 'draft' | 'change' | 'image'> {
  readonly missing: (is: boolean) => string | undefined;
}

/** Which registry, repository, image or package. */
function ReachField({ draft, change, image, missing }: ReachFieldProps) {
  const { t } = useTranslation('ignores');
  const { may } = useSession();
  const { reach, registryId, repositories, packages } = draft;
  const mayList = may('drydock:registry:read');
  const { data } = $api.useQuery(
    'get',
    '/api/v1/registries',
    { params: { query: { limit: '500' } } },
    { enabled: mayList && reach === 'registry' },
  );
  if (reach === 'registry') {
    const known = (data?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
    const own = image === undefined ? [] : [{ value: String(image.registryId), label: image.registryName ?? '' }];
    return (
      <Select
        label={t('reach.registry')}
        data={known.length > 0 ? known : own}
        value={registryId === null ? null : String(registryId)}
        onChange={(value) => change({ registryId: value === null ? null : Number(value) })}
        error={missing(registryId === null)}
        searchable
      />
    );
  }
  if (reach === 'repository') {
    return (
      <TagsInput
        label={t('reach.repository')}
        placeholder={repositories.length === 0 ? 'team/app' : ''}
        value={[...repositories]}
        onChange={(next) => change({ repositories: next })}
        error={missing(repositories.length === 0)}
        acceptValueOnBlur
      />
    );
  }
  if (reach === 'package') {
    return (
      <TagsInput
        label={t('reach.package')}
        placeholder={packages.length === 0 ? 'openssl' : ''}
        value={[...packages]}
        onChange={(next) => change({ packages: next })}
        error={missing(packages.length === 0)}
        acceptValueOnBlur
      />
    );
  }
  if (reach === 'image' && image !== undefined) {
    return (
      <div className={classes.given}>
        <span>{t('reach.image')}</span>
        <bdi title={image.reference ?? image.repository}>{image.reference ?? image.repository}</bdi>
      </div>
    );
  }
  return null;
}
