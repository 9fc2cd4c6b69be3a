import { Button } from '@mantine/core';
import {
  IconAlertOctagon,
  IconBiohazard,
  IconClockExclamation,
  IconFileAlert,
  IconFlame,
  IconHourglassOff,
  IconKey,
  IconRadar2,
  IconShieldExclamation,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import type { SeverityName } from '../../components/show/severity.tsx';
import { useKnown } from '../../i18n/known.ts';
import classes from './worklist.module.css';

type Group = Schema<'WorklistGroup'>;

/** How a group looks, and what is done about it: by repairing images, by scanning them, or by looking. */
interface Manner {
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>;
  readonly tone: SeverityName;
  readonly way: 'fix' | 'scan' | 'look';
}

const manners: Readonly<Record<string, Manner>> = {
  kev_fixable: { icon: IconFlame, tone: 'critical', way: 'fix' },
  malicious: { icon: IconBiohazard, tone: 'critical', way: 'look' },
  critical_fixable: { icon: IconAlertOctagon, tone: 'critical', way: 'fix' },
  high_fixable: { icon: IconShieldExclamation, tone: 'high', way: 'fix' },
  sensitive_high: { icon: IconKey, tone: 'high', way: 'look' },
  sensitive: { icon: IconKey, tone: 'high', way: 'look' },
  scan_failed: { icon: IconFileAlert, tone: 'medium', way: 'scan' },
  scan_incomplete: { icon: IconFileAlert, tone: 'medium', way: 'look' },
  end_of_life: { icon: IconHourglassOff, tone: 'medium', way: 'look' },
  never_scanned: { icon: IconRadar2, tone: 'low', way: 'scan' },
  stale_scan: { icon: IconClockExclamation, tone: 'low', way: 'scan' },
};
const plain: Manner = { icon: IconShieldExclamation, tone: 'unknown', way: 'look' };
/** Tab of an image that shows what a group is about. */
const tabs: Readonly<Record<string, string>> = {
  malicious: 'malicious',
  sensitive_high: 'sensitive',
  sensitive: 'sensitive',
};

/** One group of the worklist: what it is, how much, the worst images, and the way to all of them. */
export function WorklistRow({ group }: { readonly group: Group }) {
  const { t } = useTranslation('overview');
  const known = useKnown('overview');
  const { may } = useSession();
  const { icon: Icon, tone, way } = manners[group.key] ?? plain;
  const title = known('worklist.group', group.key);
  const fixes = way === 'fix' && may('drydock:fix:start');
  return (
    <li className={classes.row} data-tone={tone}>
      <span className={classes.icon} data-tone={tone}>
        <Icon size={20} stroke={1.7} />
      </span>
      <div className={classes.what}>
        <h3 className={classes.title}>{title}</h3>
        <p className={classes.numbers}>
          <span className="num">{t('worklist.images', { count: group.images })}</span>
          {way !== 'scan' && group.fixable > 0 && (
            <span className="num">{t('worklist.fixable', { count: group.fixable })}</span>
          )}
        </p>
        <ul className={classes.top} aria-label={t('worklist.worst')}>
          {group.top.map((image) => (
            <li key={image.uuid}>
              <TopImage image={image} fixes={fixes} tab={tabs[group.key]} />
            </li>
          ))}
        </ul>
      </div>
      <div className={classes.actions}>
        {way === 'scan' && may('drydock:scan:start') && <ScanAgain group={group} />}
        <Link
          to="/images"
          search={{ q: group.filter }}
          className={classes.show}
          aria-label={t('worklist.showOf', { group: title })}
        >
          {t('worklist.show')}
        </Link>
      </div>
    </li>
  );
}

/** Leads straight to the plan of its fix where that is what helps. */
function TopImage({
  image: { uuid, repository, tag, registry },
  fixes,
  tab,
}: {
  readonly image: Group['top'][number];
  readonly fixes: boolean;
  readonly tab: string | undefined;
}) {
  const { t } = useTranslation('overview');
  const name = tag === null ? repository : `${repository}:${tag}`;
  const label = fixes ? t('worklist.fix', { image: name }) : t('worklist.look', { image: name });
  return (
    <Link
      to={fixes ? `/images/${uuid}/fix` : `/images/${uuid}`}
      search={{ tab: fixes ? undefined : tab }}
      className={classes.image}
      aria-label={label}
      title={`${registry} · ${name}`}
      data-fix={fixes || undefined}
    >
      <bdi className={classes.name}>{name}</bdi>
    </Link>
  );
}

function ScanAgain({ group }: { readonly group: Group }) {
  const { t } = useTranslation('overview');
  const go = useGo();
  const scan = useChange<void, Schema<'Scan'> | undefined>({
    run: async () => (await api.POST('/api/v1/scans', { body: { q: group.filter, force: true } })).data,
    touches: ['/api/v1/scans', '/api/v1/images', '/api/v1/worklist'],
    done: (made) => ({
      text: t('worklist.scanOrdered'),
      ...(made === undefined ? {} : { open: { label: t('worklist.watch'), run: () => go(`/scans/${made.id}`) } }),
    }),
  });
  return (
    <Button size="compact-sm" variant="light" loading={scan.isPending} onClick={() => scan.mutate()}>
      {group.key === 'never_scanned' ? t('worklist.scanNever') : t('worklist.scan')}
    </Button>
  );
}
