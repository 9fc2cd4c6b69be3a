import { applicationPackages } from '../support/debian-image.ts';

/** A finding as the test tells it, and why it is right to tell it of a system that nobody has tampered with. */
export type Expectation = readonly [finding: string, reason: string];

/** A system as its distribution installs it, and all that may be said of it. */
export interface CleanSystem {
  readonly suite: string;
  readonly packages: readonly string[];
  /** Installing it takes minutes: only where `DRYDOCK_TEST_CLEAN` is set. */
  readonly onDemand?: true;
  /** Failed checks below `high`: `check level`, with `default` where a default of the product failed. */
  readonly baseline: readonly Expectation[];
  /** Sensitive files below `high`: `rule path level`. */
  readonly sensitive: readonly Expectation[];
  /** Files that could not be wholly looked into (MW-16): `path` or `path!/member`. */
  readonly coverage: readonly Expectation[];
}

/** What may be `high` at all in a system that nobody has tampered with; the list holds for every system. */
export const documentedHigh: readonly Expectation[] = [
  ['SH-006 high', 'installing openssh-server makes keys of the host, which every container of the image then shares'],
];

/** What may fail or not: the list of sources names the mirror that installed the system, which is this machine's business. */
export const byMirror: readonly string[] = ['PK-002 low', 'PK-003 low'];

/** Checks that end as unknown: a bare root file system has no history. */
export const noHistory = ['IC-008', 'IC-009', 'IC-011', 'IC-013', 'IC-016', 'IC-019', 'IC-020'];

const minimal: readonly Expectation[] = [
  ['IC-001 medium', 'an image without USER runs as root'],
  ['IC-007 low', 'nobody knows how a bare system would be probed'],
  [
    'ID-008 low',
    "Debian's common-password asks nothing of a new password but what pam_unix itself does (no pam_pwquality)",
  ],
  ['FS-001 low', 'programs of the distribution with setuid or setgid, which every system has'],
  ['SH-010 low', "Debian's common-auth has `nullok`, the case that risks.md calls a distribution's default"],
];

const bullseye: readonly Expectation[] = [
  ['FS-005 low', "mmdebstrap gives apt's download directories to the number of apt's user in another system"],
];

const sshServer: readonly Expectation[] = [
  ['SH-001 medium', 'that a server is there is what the check is about'],
  ['SH-004 low default', 'nothing forbids passwords'],
  ['SH-009 low', 'Debian switches X11 forwarding on'],
];

/** Of the systemd that openssh-server brings with it in trixie. */
const systemd: readonly Expectation[] = [
  ['SH-008 low', 'systemd lets ssh ask for no key of machines that are reached over sockets of the same host'],
];

const nginx: readonly Expectation[] = [
  ['SV-018 low default', 'nginx tells its version unless somebody switches that off'],
];

const php: readonly Expectation[] = [
  ['SV-017 low', "Debian's php.ini tells the version of PHP and switches no function off"],
];

const hostKeys = ['ecdsa', 'ed25519', 'rsa'].map(
  (kind): Expectation => [`ssh_private_key etc/ssh/ssh_host_${kind}_key medium`, 'the same keys as in SH-006'],
);

/** Languages with their libraries. */
const languages = ['python3', 'nodejs', 'php-cli', 'openssh-server', 'postgresql-client', 'ruby', 'perl'];

/** Every system is looked at once with all detectors. */
export const cleanSystems: readonly CleanSystem[] = [
  { suite: 'bullseye', packages: [], baseline: [...minimal, ...bullseye], sensitive: [], coverage: [] },
  { suite: 'bookworm', packages: [], baseline: minimal, sensitive: [], coverage: [] },
  { suite: 'trixie', packages: [], baseline: minimal, sensitive: [], coverage: [] },
  {
    ...{ suite: 'bookworm', packages: applicationPackages },
    ...{ baseline: [...minimal, ...sshServer, ...nginx], sensitive: hostKeys, coverage: [] },
  },
  {
    ...{ suite: 'bullseye', packages: applicationPackages },
    ...{ baseline: [...minimal, ...bullseye, ...sshServer, ...nginx], sensitive: hostKeys, coverage: [] },
  },
  ...(['bullseye', 'bookworm', 'trixie'] as const).map(
    (suite): CleanSystem => ({
      ...{ suite, packages: languages, onDemand: true },
      baseline: [
        ...minimal,
        ...(suite === 'bullseye' ? bullseye : []),
        ...(suite === 'trixie' ? systemd : []),
        ...sshServer,
        ...php,
      ],
      ...{ sensitive: hostKeys, coverage: [] },
    }),
  ),
];
