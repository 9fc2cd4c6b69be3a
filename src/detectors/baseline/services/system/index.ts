import type { ServiceRule } from '../contract.ts';
import { ftp } from './ftp.ts';
import { grafana } from './grafana.ts';
import { hadoop } from './hadoop.ts';
import { kubelet } from './kubelet.ts';
import { prometheus } from './prometheus.ts';
import { sharing } from './sharing.ts';
import { supervisor } from './supervisor.ts';

/** Services of hosts and clusters. */
export const systemServices: readonly ServiceRule[] = [ftp, sharing, hadoop, kubelet, grafana, prometheus, supervisor];
