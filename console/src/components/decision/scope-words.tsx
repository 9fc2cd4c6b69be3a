import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useFormat } from '../../i18n/format.ts';
import { Clip } from '../show/values.tsx';
import { namedImages, type ScopeNames } from './use-scope-names.ts';

type Decision = Schema<'Decision'>;

/** The values of a scope as they are shown. */
function valuesOf(scope: Decision['scope'], names: ScopeNames): readonly string[] {
  switch (scope.kind) {
    case 'global':
      return [];
    case 'repositories':
      return scope.paths;
    case 'registries':
      return scope.ids.map((id) => names.registry(id));
    case 'registryKinds':
      return scope.kinds;
    case 'images':
      return scope.uuids.map((uuid, index) => (index < namedImages ? names.image(uuid) : uuid));
    case 'packages':
      return scope.names;
    case 'products':
      return scope.digest === null ? scope.purls : [scope.digest.slice(0, 19), ...scope.purls];
  }
}

/** Where a decision holds, in words. */
export function useScopeText(names: ScopeNames): (decision: Pick<Decision, 'scope' | 'projectId'>) => string {
  const { t } = useTranslation('ignores');
  const format = useFormat();
  return ({ scope, projectId }) => {
    const values = valuesOf(scope, names);
    const listed = values.length <= namedImages + 1 ? values : values.slice(0, namedImages);
    const more = values.length - listed.length;
    const list = format.list(more > 0 ? [...listed, t('scope.more', { count: more })] : listed);
    if (scope.kind === 'global') {
      return projectId === null ? t('scope.global') : t('scope.project', { name: names.project(projectId) });
    }
    const words = t(`scope.${scope.kind}`, { count: values.length, list });
    return projectId === null ? words : t('scope.inProject', { words, name: names.project(projectId) });
  };
}

/** The same as an element of one line. */
export function ScopeWords({
  decision,
  names,
}: {
  readonly decision: Pick<Decision, 'scope' | 'projectId'>;
  readonly names: ScopeNames;
}) {
  return <Clip text={useScopeText(names)(decision)} />;
}
