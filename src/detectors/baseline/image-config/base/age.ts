import { dayMs } from '../../../../kernel/index.ts';
import { configCheck } from '../../define-check.ts';
import { failIf, notApplicable, pass, unknown } from '../../outcome.ts';

/** IC-004 */
export const baseEndOfLife = configCheck({
  id: 'IC-004',
  item: 'base_eol',
  level: 'high',
  title: { en: 'The release of the operating system gets no more fixes', zh: '操作系统版本已停止维护' },
  description: {
    en: 'Security fixes for this release of the distribution have ended: new vulnerabilities stay open, and mostly nobody writes them down any more.',
    zh: '该发行版版本的安全修复已终止：新漏洞将一直存在，且通常不再有人记录。',
  },
  advice: { en: 'Move to a release that is supported.', zh: '迁移到仍受支持的版本。' },
  evaluate({ os, endOfLife, view, evidence }) {
    if (os === undefined) return notApplicable('The image has no operating system.');
    if (endOfLife === null) return pass;
    const layer = view.resolve(os.path)?.content?.layer ?? 0;
    const excerpt = `${os.id} ${os.versionId ?? ''}: no fixes since ${endOfLife}`;
    return failIf([evidence({ path: os.path, layer }, { excerpt })]);
  },
});

/** Builds that anybody can repeat write a fixed date: the begin of Unix time, or the first that zip files can have. */
const fixedDates = ['1970-01-01', '1980-01-01'];

/** IC-005 */
export const staleImage = configCheck({
  id: 'IC-005',
  item: 'stale_image',
  level: 'medium',
  title: { en: 'The image is old and critical fixes wait', zh: '镜像陈旧且存在可修复的严重漏洞' },
  description: {
    en: 'The image was built longer ago than the policy allows (90 days unless it says otherwise), and critical vulnerabilities in it have a published fix.',
    zh: '镜像构建时间超过策略允许的期限（默认 90 天），且其中的严重漏洞已有发布的修复。',
  },
  advice: { en: 'Rebuild the image, or let drydock fix it.', zh: '重新构建镜像，或使用 drydock 修复。' },
  evaluate({ image, settings, now, fixableCriticals, settingsEvidence }) {
    const { created } = image.settings;
    const time = Date.parse(created ?? '');
    if (created === null || Number.isNaN(time) || fixedDates.some((date) => created.startsWith(date))) {
      return notApplicable('The config does not say when the image was built.');
    }
    const days = Math.floor((now.getTime() - time) / dayMs);
    if (days <= settings.staleDays) return pass;
    if (fixableCriticals === null) return unknown('not_asked', 'Vulnerabilities were not looked for.');
    const excerpt = `${days} days old, ${fixableCriticals} critical vulnerabilities with a fix`;
    return failIf(fixableCriticals > 0 ? [settingsEvidence('config:created', excerpt)] : []);
  },
});
