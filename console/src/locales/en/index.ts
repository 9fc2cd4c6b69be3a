import { access } from './access.ts';
import { audit } from './audit.ts';
import { common } from './common.ts';
import { explorer } from './explorer.ts';
import { exports } from './exports.ts';
import { fixes } from './fixes.ts';
import { fixing } from './fixing.ts';
import { ignores } from './ignores.ts';
import { image } from './image.ts';
import { images } from './images.ts';
import { notifications } from './notifications.ts';
import { outcomes } from './outcomes.ts';
import { overview } from './overview.ts';
import { packages } from './packages.ts';
import { plan } from './plan.ts';
import { policies } from './policies.ts';
import { registries } from './registries.ts';
import { risks } from './risks.ts';
import { scans } from './scans.ts';
import { schedules } from './schedules.ts';
import { shell } from './shell.ts';
import { start } from './start.ts';
import { system } from './system.ts';
import { vulns } from './vulns.ts';

/** All English texts by domain; the other languages have the same keys. */
export const texts = {
  access,
  audit,
  common,
  explorer,
  exports,
  fixes,
  fixing,
  ignores,
  image,
  images,
  notifications,
  outcomes,
  overview,
  packages,
  plan,
  policies,
  registries,
  risks,
  scans,
  schedules,
  shell,
  start,
  system,
  vulns,
} as const;

export type Texts = typeof texts;
