import { Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import { BodyField, CallTarget, SignedCall } from './call-parts.tsx';
import type { DialectProps } from './credentials-form.tsx';
import { DialectTab } from './dialect-tab.tsx';
import classes from './explorer.module.css';
import { huaweiExampleOf } from './huawei-examples.ts';
import { jsonMistake } from './json-mistake.ts';
import type { Moment } from './signature-panel.tsx';
import type { Pairs } from './signing/primitives.ts';
import { encoded } from './signing/primitives.ts';
import { signSdkHmac } from './signing/sdk-hmac.ts';

interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly action: string;
  readonly writes: boolean;
}

/** Any project id works: it is a label (docs/operations/huawei-api.md). */
const usualProject = '0123456789abcdef0123456789abcdef';

/** Operations of the identity service that clients call first. */
const identity: readonly Route[] = [
  { name: 'KeystoneListProjects', method: 'GET', path: '/v3/projects', action: '', writes: false },
  { name: 'KeystoneListAuthDomains', method: 'GET', path: '/v3/auth/domains', action: '', writes: false },
  { name: 'KeystoneListRegions', method: 'GET', path: '/v3/regions', action: '', writes: false },
];

/** The operations of the Huawei dialect, signed in the browser. */
export function HuaweiTab({ credentials, onCredentials }: DialectProps) {
  const [chosen, setChosen] = useUrlState('route', 'ListImageLocal');
  const { data } = useQuery<readonly Route[]>({
    queryKey: ['huawei-routes'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => [...(await import('../../data/huawei-routes.json')).default, ...identity],
  });
  const route = data?.find(({ name }) => name === chosen);
  return (
    <DialectTab
      credentials={credentials}
      onCredentials={onCredentials}
      operations={data?.map(({ name, method, path }) => ({ id: name, text: name, method, aside: path }))}
      chosen={chosen}
      onChoose={(id) => setChosen(id, { push: true })}
    >
      {route === undefined ? null : <RouteForm key={route.name} route={route} credentials={credentials} />}
    </DialectTab>
  );
}

function pairsOf(lines: string): Pairs {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1)];
    });
}

function RouteForm({
  route,
  credentials,
}: {
  readonly route: Route;
  readonly credentials: DialectProps['credentials'];
}) {
  const { t } = useTranslation('explorer');
  const example = huaweiExampleOf(route);
  const [project, setProject] = useState(usualProject);
  const [parts, setParts] = useState<Readonly<Record<string, string>>>({});
  const [query, setQuery] = useState(example.query);
  const [body, setBody] = useState(example.body);
  const isIdentity = route.path.startsWith('/v3');
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
  const rest = route.path.replace(/:(\w+)/g, (_, name: string) => encoded(parts[name] ?? ''));
  const path = isIdentity ? rest : `/v5/${encoded(project)}${rest}`;
  const sent = route.method === 'GET' ? '' : body.trim();
  const mistake = sent === '' ? null : jsonMistake(sent);
  const { accessKeyId, secret, securityToken } = credentials;
  const sign = useCallback(
    (moment: Moment) =>
      signSdkHmac({
        ...{ accessKeyId, secret, method: route.method, path, query: pairsOf(query), body: sent, at: moment.at },
        ...(securityToken === '' ? {} : { securityToken }),
        headers: {
          'content-type': 'application/json',
          host: location.host,
          ...(isIdentity ? {} : { 'x-project-id': project }),
        },
      }),
    [route.method, path, query, sent, project, isIdentity, accessKeyId, secret, securityToken],
  );
  const incomplete = names.some((name) => (parts[name] ?? '') === '');
  return (
    <SignedCall
      title={route.name}
      writes={route.writes}
      credentials={credentials}
      sign={sign}
      incomplete={incomplete || mistake !== null}
    >
      <CallTarget method={route.method} path={isIdentity ? route.path : `/v5/{project_id}${route.path}`} />
      <div className={classes.fields}>
        {!isIdentity && (
          <TextInput
            label={t('projectId')}
            description={t('projectIdHint')}
            value={project}
            spellCheck={false}
            onChange={(event) => setProject(event.currentTarget.value)}
          />
        )}
        {names.map((name) => (
          <TextInput
            key={name}
            label={name}
            description={t('path')}
            withAsterisk
            spellCheck={false}
            value={parts[name] ?? ''}
            onChange={(event) => setParts({ ...parts, [name]: event.currentTarget.value })}
          />
        ))}
      </div>
      <Textarea
        className={classes.json ?? ''}
        label={t('query')}
        rows={Math.max(2, query.split('\n').length)}
        value={query}
        spellCheck={false}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      {route.method !== 'GET' && <BodyField value={body} onChange={setBody} mistake={mistake} minRows={3} />}
    </SignedCall>
  );
}
