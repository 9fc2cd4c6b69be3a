/**
 * Last day of freely available security fixes by distribution (`ID`) and release, `YYYY-MM-DD`; null = supported, and no
 * end has been announced. Where a vendor names a month, its last day counts. Paid extensions (ELTS, ESM, ELS, LTSS) do
 * not count: their packages come from repositories that an image does not have by default.
 */
export const lastDays: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  // End of LTS, from Debian's distro-info-data; releases before 6 had none.
  debian: {
    6: '2016-02-29',
    7: '2018-05-31',
    8: '2020-06-30',
    9: '2022-06-30',
    10: '2024-06-30',
    11: '2026-08-31',
    12: '2028-06-30',
    13: '2030-06-30',
    // Testing and what follows it.
    14: null,
    15: null,
  },
  // End of standard support, from Debian's distro-info-data.
  ubuntu: {
    '12.04': '2017-04-28',
    '12.10': '2014-05-16',
    '13.04': '2014-01-27',
    '13.10': '2014-07-17',
    '14.04': '2019-04-25',
    '14.10': '2015-07-23',
    '15.04': '2016-02-04',
    '15.10': '2016-07-28',
    '16.04': '2021-04-30',
    '16.10': '2017-07-20',
    '17.04': '2018-01-13',
    '17.10': '2018-07-19',
    '18.04': '2023-05-31',
    '18.10': '2019-07-18',
    '19.04': '2020-01-23',
    '19.10': '2020-07-17',
    '20.04': '2025-05-29',
    '20.10': '2021-07-22',
    '21.04': '2022-01-20',
    '21.10': '2022-07-14',
    '22.04': '2027-06-01',
    '22.10': '2023-07-20',
    '23.04': '2024-01-25',
    '23.10': '2024-07-11',
    '24.04': '2029-05-31',
    '24.10': '2025-07-10',
    '25.04': '2026-01-15',
    '25.10': '2026-07-09',
    '26.04': '2031-05-29',
  },
  // "End of support", alpinelinux.org/releases.
  alpine: {
    '3.0': '2016-05-01',
    '3.1': '2016-11-01',
    '3.2': '2017-05-01',
    '3.3': '2017-11-01',
    '3.4': '2018-05-01',
    '3.5': '2018-11-01',
    '3.6': '2019-05-01',
    '3.7': '2019-11-01',
    '3.8': '2020-05-01',
    '3.9': '2020-11-01',
    '3.10': '2021-05-01',
    '3.11': '2021-11-01',
    '3.12': '2022-05-01',
    '3.13': '2022-11-01',
    '3.14': '2023-05-01',
    '3.15': '2023-11-01',
    '3.16': '2024-05-23',
    '3.17': '2024-11-22',
    '3.18': '2025-05-09',
    '3.19': '2025-11-01',
    '3.20': '2026-04-01',
    '3.21': '2026-11-01',
    '3.22': '2027-05-01',
    '3.23': '2027-11-01',
  },
  // End of maintenance support, access.redhat.com/support/policy/updates/errata.
  rhel: { 5: '2017-03-31', 6: '2020-11-30', 7: '2024-06-30', 8: '2029-05-31', 9: '2032-05-31', 10: '2035-05-31' },
  // CentOS Linux to 8; 9 and 10 are Stream, which calls itself centos as well. centos.org/cl-vs-cs
  centos: { 5: '2017-03-31', 6: '2020-11-30', 7: '2024-06-30', 8: '2021-12-31', 9: '2027-05-31', 10: '2030-01-01' },
  'centos-stream': { 8: '2024-05-31', 9: '2027-05-31', 10: '2030-01-01' },
  // "Security support until", wiki.almalinux.org/release-notes.
  almalinux: { 8: '2029-03-01', 9: '2032-05-31', 10: '2035-05-31' },
  // "End of life", wiki.rockylinux.org/rocky/version.
  rocky: { 8: '2029-05-31', 9: '2032-05-31', 10: '2035-05-31' },
  // End of premier support, Oracle Lifetime Support Policy for Oracle Linux.
  ol: { 6: '2021-03-31', 7: '2024-12-31', 8: '2029-07-31', 9: '2032-06-30', 10: '2035-06-30' },
  // End of maintenance, aws.amazon.com: FAQs of each product. 1 stands for all releases that are named by year and month.
  amzn: { 1: '2023-12-31', 2: '2026-06-30', 2023: '2029-06-30' },
  // End of general support by service pack, suse.com/lifecycle.
  sles: {
    '11.4': '2019-03-31',
    12: '2016-06-30',
    '12.1': '2017-05-31',
    '12.2': '2018-03-31',
    '12.3': '2019-06-30',
    '12.4': '2020-06-30',
    '12.5': '2024-10-31',
    15: '2019-12-31',
    '15.1': '2021-01-31',
    '15.2': '2021-12-31',
    '15.3': '2022-12-31',
    '15.4': '2023-12-31',
    '15.5': '2024-12-31',
    '15.6': '2025-12-31',
    '15.7': '2031-07-31',
  },
  // en.opensuse.org/Lifetime
  'opensuse-leap': {
    '42.1': '2017-05-17',
    '42.2': '2018-01-26',
    '42.3': '2019-07-01',
    '15.0': '2019-12-03',
    '15.1': '2021-02-02',
    '15.2': '2022-01-04',
    '15.3': '2022-12-31',
    '15.4': '2023-12-07',
    '15.5': '2024-12-31',
    '15.6': '2026-04-30',
    '16.0': '2027-10-31',
  },
  // learn.microsoft.com/azure/azure-linux/release-cadence-lifecycle; it was CBL-Mariner until the end of 2.0.
  mariner: { '1.0': '2023-08-31', '2.0': '2025-07-31' },
  azurelinux: { '3.0': '2027-08-31' },
  // 1.0: the vendor's announcement of January 2022; the others: support.broadcom.com, product lifecycle.
  photon: { '1.0': '2022-02-28', '2.0': '2022-12-31', '3.0': '2025-10-02', '4.0': '2027-10-11', '5.0': null },
  // docs.fedoraproject.org/en-US/releases/eol and, for what is current, the schedule.
  fedora: {
    36: '2023-05-16',
    37: '2023-12-05',
    38: '2024-05-21',
    39: '2024-11-26',
    40: '2025-05-13',
    41: '2025-12-15',
    42: '2026-05-13',
    43: '2026-12-09',
  },
  // "Planned EOL" of each service pack, openeuler.org/en/other/lifecycle; named as in OSV.
  openeuler: {
    '20.03-LTS': '2021-03-31',
    '20.03-LTS-SP1': '2022-12-31',
    '20.03-LTS-SP2': '2022-04-30',
    '20.03-LTS-SP3': '2023-12-31',
    '20.03-LTS-SP4': '2025-11-30',
    '22.03-LTS': '2024-03-31',
    '22.03-LTS-SP1': '2024-12-31',
    '22.03-LTS-SP2': '2024-03-31',
    '22.03-LTS-SP3': '2025-12-31',
    '22.03-LTS-SP4': '2026-06-30',
    '24.03-LTS': '2026-05-31',
    '24.03-LTS-SP1': '2026-12-31',
    '24.03-LTS-SP2': '2026-03-31',
    '24.03-LTS-SP3': '2027-12-31',
    '24.03-LTS-SP4': '2027-03-31',
  },
};

/** Distributions with one branch that always moves on: supported by definition, whatever they write as `VERSION_ID`. */
export const rollingDistributions: readonly string[] = [
  'arch',
  'wolfi',
  'chainguard',
  'minimos',
  'gentoo',
  'opensuse-tumbleweed',
  'void',
];
