import { access } from './access.ts';
import { audit } from './audit.ts';
import { explorer } from './explorer.ts';
import { exports } from './exports.ts';
import { first } from './first.ts';
import { fixes } from './fixes.ts';
import { fixing } from './fixing.ts';
import { ignores } from './ignores.ts';
import { image } from './image.ts';
import { images } from './images.ts';
import { notifications } from './notifications.ts';
import { outcomes } from './outcomes.ts';
import { packages } from './packages.ts';
import { plan } from './plan.ts';
import { policies } from './policies.ts';
import { registries } from './registries.ts';
import { risks } from './risks.ts';
import { schedules } from './schedules.ts';
import { start } from './start.ts';
import { system } from './system.ts';
import { vulns } from './vulns.ts';

/** All English texts by domain; the other languages have the same keys. */
export const texts = {
  ...first,
  access,
  audit,
  explorer,
  exports,
  fixes,
  fixing,
  ignores,
  image,
  images,
  notifications,
  outcomes,
  packages,
  plan,
  policies,
  registries,
  risks,
  schedules,
  start,
  system,
  vulns,
} as const;

export type Texts = typeof texts;
