import { baseName, type ViewEntry } from '../../../image/index.ts';
import type { RiskLevel } from '../../contract.ts';
import type { CheckContext } from '../contract.ts';
import { fileCheck } from '../define-check.ts';
import { failIf, worst } from '../outcome.ts';
import { compareWithPackages } from './checksums/modified.ts';
import { entryEvidence, isFile, modeText } from './file-evidence.ts';

/** Programs that distributions ship with setuid or setgid: they are made to be called by anybody. */
const ordinary: ReadonlySet<string> = new Set([
  ...['su', 'sudo', 'sudoedit', 'doas', 'pkexec', 'polkit-agent-helper-1', 'ksu', 'bbsuid', 'busybox.suid'],
  ...['passwd', 'chsh', 'chfn', 'chage', 'expiry', 'gpasswd', 'newgrp', 'sg', 'newuidmap', 'newgidmap'],
  ...['unix_chkpwd', 'unix_update', 'pam_timestamp_check', 'pam_extrausers_chkpwd', 'userhelper', 'usernetctl'],
  ...['mount', 'umount', 'mount.nfs', 'umount.nfs', 'mount.cifs', 'fusermount', 'fusermount3', 'ntfs-3g', 'pmount'],
  ...['ping', 'ping6', 'arping', 'clockdiff', 'traceroute6.iputils', 'mtr-packet', 'ssh-agent', 'ssh-keysign'],
  ...['crontab', 'at', 'wall', 'write', 'write.ul', 'bsd-write', 'dbus-daemon-launch-helper', 'utempter', 'staprun'],
  ...['locate', 'mlocate', 'plocate', 'dotlockfile', 'dotlock.mailutils', 'mail-lock', 'mail-unlock', 'mail-touchlock'],
  ...['exim4', 'exim', 'sendmail', 'postdrop', 'postqueue', 'sensible-mda', 'procmail', 'lockfile', 'lockdev'],
  ...['Xorg.wrap', 'chrome-sandbox', 'snap-confine', 'bwrap', 'camel-lock-helper-1.2', 'cgexec', 'grub2-set-bootflag'],
]);

/** Programs that run what they are told: with setuid they make anybody the owner. */
const runsAnything =
  /^(sh|bash|dash|ash|zsh|[kct]?csh|ksh\d*|mksh|fish|busybox|toybox|python[\d.]*|perl[\d.]*|ruby[\d.]*|node(js)?|php[\d.]*|lua[\d.]*|tclsh[\d.]*|expect|[gmn]?awk|java|vim?|vim\.\w+|nvim|view|nano|pico|emacs[\d.]*|ed|ex|joe|less|more|man|env|find|nmap|gdb|strace|tar|rsync|docker|socat)$/;

function levelOf(context: CheckContext, entry: ViewEntry): RiskLevel {
  const name = baseName(entry.path);
  const { modified } = compareWithPackages(context);
  const owned = context.owners.ownerOf(entry.path) !== undefined && !modified.has(entry.path);
  if (!owned || runsAnything.test(name)) return 'high';
  return ordinary.has(name) ? 'low' : 'medium';
}

/** FS-001. */
export const setuidFiles = fileCheck({
  id: 'FS-001',
  item: 'suid_sgid',
  level: 'high',
  title: { en: 'Programs with setuid or setgid', zh: '存在 SUID/SGID 程序' },
  description: {
    en: 'Whoever starts such a program gets the rights of its owner. Those that distributions ship are meant so, yet rarely needed in a container; shells, interpreters, editors and programs of no package are a way to root.',
    zh: '任何人运行这类程序都会获得文件属主的权限。发行版自带的程序属于预期行为，但容器中很少需要；Shell、解释器、编辑器以及不属于任何软件包的程序则可直接提权。',
  },
  advice: {
    en: 'Take the bits away when the image is built (`chmod u-s,g-s`), or allow the files in the policy.',
    zh: '构建镜像时去除特殊权限位（chmod u-s,g-s），或在策略中放行这些文件。',
  },
  evaluate(context) {
    const allowed = new Set(context.settings.allowedSetuid.map((path) => path.replace(/^\//, '')));
    const found: { entry: ViewEntry; level: RiskLevel }[] = [];
    for (const entry of context.view.entries()) {
      if ((entry.mode & 0o6000) === 0 || !isFile(entry) || allowed.has(entry.path)) continue;
      found.push({ entry, level: levelOf(context, entry) });
    }
    const level = worst(found.map((each) => each.level));
    // The worst first: not all evidence is kept.
    const order: readonly RiskLevel[] = ['high', 'medium', 'low'];
    found.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
    return failIf(
      found.map(({ entry, level: one }) => entryEvidence(context, entry, `${modeText(entry)} ${one}`)),
      level === undefined ? {} : { level },
    );
  },
});
