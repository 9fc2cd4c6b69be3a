import type { texts as original } from '../en/index.ts';
import type { Same } from '../same.ts';
import { access } from './access.ts';
import { audit } from './audit.ts';
import { common } from './common.ts';
import { explorer } from './explorer.ts';
import { exports } from './exports.ts';
import { images } from './images.ts';
import { notifications } from './notifications.ts';
import { policies } from './policies.ts';
import { shell } from './shell.ts';
import { system } from './system.ts';

export const texts: Same<typeof original> = {
  access,
  audit,
  common,
  explorer,
  exports,
  images,
  notifications,
  policies,
  shell,
  system,
};
