import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { FormDialog } from '../../components/feedback/form-dialog.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Clip } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useWholeList } from '../../components/table/use-list.ts';
import classes from './access.module.css';

type Project = Schema<'Project'>;

const touches = ['/api/v1/projects'];

/** Projects: what rights are given for. */
export function ProjectsTab() {
  const { t } = useTranslation('access');
  const { mayEverywhere } = useSession();
  const mayWrite = mayEverywhere('drydock:project:write');
  const [dialog, setDialog] = useState<Project | 'new' | null>(null);
  const projects = $api.useQuery('get', '/api/v1/projects');
  const list = useWholeList({ ...projects, data: projects.data?.items });
  const columns = useMemo<readonly Column<Project>[]>(
    () => [
      {
        id: 'name',
        label: t('projectsTab.name'),
        width: 'minmax(12rem, 1fr)',
        cell: ({ name }) => <bdi className={classes.name}>{name}</bdi>,
      },
      {
        id: 'extId',
        label: t('projectsTab.extId'),
        width: 'minmax(16rem, 2fr)',
        cell: ({ extId }) => (
          <span title={t('projectsTab.extIdHint')}>
            <Clip text={extId} mono />
          </span>
        ),
      },
      {
        id: 'menu',
        label: '',
        width: '3.5rem',
        cell: (project) => (mayWrite ? <ProjectMenu project={project} rename={setDialog} /> : null),
      },
    ],
    [t, mayWrite],
  );
  return (
    <>
      {mayWrite && (
        <div className={classes.bar}>
          <span />
          <Button leftSection={<IconPlus size={16} />} onClick={() => setDialog('new')}>
            {t('projectsTab.add')}
          </Button>
        </div>
      )}
      <DataTable
        label={t('tab.projects')}
        list={list}
        columns={columns}
        rowId={({ id }) => String(id)}
        {...(mayWrite ? { onOpen: setDialog } : {})}
        empty={<EmptyState title={t('policy.nothing')} />}
      />
      {dialog !== null && <ProjectDialog project={dialog === 'new' ? null : dialog} close={() => setDialog(null)} />}
    </>
  );
}

function ProjectMenu({ project, rename }: { readonly project: Project; readonly rename: (project: Project) => void }) {
  const { t } = useTranslation('access');
  const remove = useChange({
    run: () => api.DELETE('/api/v1/projects/{id}', { params: { path: { id: String(project.id) } } }),
    touches,
    done: () => ({ text: t('projectsTab.removed', { name: project.name }) }),
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`${t('actions')}: ${project.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => rename(project)}>{t('projectsTab.rename')}</Menu.Item>
        <Menu.Item color="red" title={t('projectsTab.removeHint')} onClick={() => remove.mutate()}>
          {t('projectsTab.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ProjectDialog({ project, close }: { readonly project: Project | null; readonly close: () => void }) {
  const { t } = useTranslation('access');
  const [name, setName] = useState(project?.name ?? '');
  const rename = (to: string) =>
    api.PATCH('/api/v1/projects/{id}', { params: { path: { id: String(project?.id) } }, body: { name: to } });
  const save = useChange({
    run: async () => {
      if (project === null) await api.POST('/api/v1/projects', { body: { name } });
      else await rename(name);
    },
    touches,
    quiet: true,
    done: () =>
      project === null
        ? { text: t('projectsTab.added', { name }) }
        : { text: t('projectsTab.renamed', { old: project.name, name }), undo: () => rename(project.name) },
    after: close,
  });
  return (
    <FormDialog
      title={project === null ? t('projectsTab.addTitle') : t('projectsTab.renameTitle', { name: project.name })}
      opened
      onClose={close}
      onSubmit={() => save.mutate()}
      submit={project === null ? t('projectsTab.add') : t('projectsTab.rename')}
      pending={save.isPending}
      error={save.error}
      disabled={name.trim() === '' || name === project?.name}
    >
      <TextInput
        data-autofocus
        label={t('projectsTab.name')}
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
