import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { quoted } from '../../filter/terms.ts';
import { useGo } from '../go.ts';
import { navigation } from '../navigation.ts';
import classes from './shell.module.css';

interface Hit {
  readonly group: 'pages' | 'images' | 'vulnerabilities' | 'packages' | 'actions';
  readonly id: string;
  readonly text: string;
  readonly aside?: string;
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
}

const shown = 6;
const pauseMs = 150;

/** What a text finds: pages by their name, then images, vulnerabilities and packages of the estate. */
function useHits(text: string): readonly Hit[] {
  const { t } = useTranslation('shell');
  const { may } = useSession();
  const [settled] = useDebouncedValue(text.trim(), pauseMs);
  const ask = settled.length >= 2;
  const options = (action: string) => ({ enabled: ask && may(action), staleTime: 60_000 });
  const contains = `*${quoted(settled)}*`;
  const images = $api.useQuery(
    'get',
    '/api/v1/images',
    { params: { query: { q: `image:${contains}`, limit: String(shown) } } },
    options('drydock:image:read'),
  );
  const vulns = $api.useQuery(
    'get',
    '/api/v1/vulnerabilities',
    {
      params: {
        query: {
          q: /^[a-z]+-/i.test(settled) ? `vuln:${quoted(settled.toUpperCase())}*` : `title:${contains}`,
          limit: String(shown),
        },
      },
    },
    options('drydock:finding:read'),
  );
  const packages = $api.useQuery(
    'get',
    '/api/v1/packages',
    { params: { query: { name: settled, limit: String(shown) } } },
    options('drydock:finding:read'),
  );
  return useMemo(() => {
    const wanted = text.trim().toLowerCase();
    const pages = navigation
      .flatMap(({ entries }) => entries)
      .filter(({ needs }) => needs === undefined || may(needs))
      .map(({ to, label }): Hit => ({ group: 'pages', id: `page:${to}`, text: t(`nav.${label}`), to }))
      .filter((hit) => hit.text.toLowerCase().includes(wanted));
    if (!ask) return pages;
    return [
      ...pages,
      ...(images.data?.items ?? []).map(
        (image): Hit => ({
          group: 'images',
          id: image.uuid,
          text: image.reference,
          aside: image.registry.name,
          to: `/images/${image.uuid}`,
        }),
      ),
      ...(vulns.data?.items ?? []).map(
        (vuln): Hit => ({
          group: 'vulnerabilities',
          id: vuln.key,
          text: `${vuln.id} ${vuln.title}`,
          aside: vuln.key.split(':').slice(0, -1).join(':'),
          to: `/vulns/${encodeURIComponent(vuln.key)}`,
        }),
      ),
      ...(packages.data?.items ?? []).map(
        (one): Hit => ({
          group: 'packages',
          id: one.purl,
          text: `${one.name} ${one.version}`,
          aside: one.type,
          to: '/packages/view',
          search: { name: one.name, version: one.version },
        }),
      ),
      {
        group: 'actions',
        id: 'filter',
        text: t('palette.filterImages', { text: settled }),
        to: '/images',
        search: { q: `image:${contains}` },
      },
    ];
  }, [text, ask, settled, contains, may, t, images.data, vulns.data, packages.data]);
}

/** Finds anything, and goes there. */
export function Palette({ opened, close }: { readonly opened: boolean; readonly close: () => void }) {
  const { t } = useTranslation(['shell', 'common']);
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const go = useGo();
  const hits = useHits(opened ? text : '');
  useEffect(() => {
    if (opened) setText('');
  }, [opened]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text starts at the top
  useEffect(() => setIndex(0), [text]);
  const choose = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    close();
    go(hit.to, hit.search);
  };
  const active = hits[Math.min(index, hits.length - 1)];
  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={false}
      size="lg"
      yOffset="12vh"
      centered={false}
      title={undefined}
      attributes={{ content: { 'aria-label': t('palette.title') } }}
    >
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        leftSection={<IconSearch size={18} />}
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.title')}
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-results"
        aria-activedescendant={active === undefined ? undefined : `hit-${hits.indexOf(active)}`}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setIndex((old) => Math.min(old + 1, hits.length - 1));
          else if (event.key === 'ArrowUp') setIndex((old) => Math.max(old - 1, 0));
          else if (event.key === 'Enter') choose(active);
          else return;
          event.preventDefault();
        }}
      />
      <div id="palette-results" role="listbox" className={classes.results} aria-label={t('palette.title')}>
        {hits.length === 0 && <div className={classes.result}>{t('palette.empty')}</div>}
        {hits.map((hit, position) => (
          <div key={`${hit.group}:${hit.id}`} role="presentation">
            {hits[position - 1]?.group !== hit.group && (
              <div className={classes.resultGroup} role="presentation">
                {t(`palette.${hit.group}`)}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above handles the keys */}
            <div
              id={`hit-${position}`}
              role="option"
              tabIndex={-1}
              aria-selected={hit === active}
              className={classes.result}
              onPointerMove={() => setIndex(position)}
              onClick={() => choose(hit)}
              ref={(element) => {
                if (hit === active) element?.scrollIntoView({ block: 'nearest' });
              }}
            >
              <bdi className={classes.resultText}>{hit.text}</bdi>
              {hit.aside !== undefined && <span className={classes.resultAside}>{hit.aside}</span>}
            </div>
          </div>
        ))}
      </div>
    </Modal>
  );
}
