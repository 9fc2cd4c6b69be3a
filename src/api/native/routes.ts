import { contentRoutes } from './resources/contents.ts';
import { decisionRoutes } from './resources/decisions.ts';
import { eventRoutes } from './resources/events.ts';
import { exportRoutes } from './resources/exports.ts';
import { findingRoutes } from './resources/findings.ts';
import { fixPlanRoutes } from './resources/fix-plans.ts';
import { fixRoutes } from './resources/fixes.ts';
import { imageRoutes } from './resources/images.ts';
import { keyRoutes } from './resources/keys.ts';
import { notificationRoutes } from './resources/notifications.ts';
import { overviewRoutes } from './resources/overview.ts';
import { policyRoutes } from './resources/policies.ts';
import { registryRoutes } from './resources/registries.ts';
import { riskRoutes } from './resources/risks.ts';
import { scanChoiceRoutes } from './resources/scan-choices.ts';
import { scanRoutes } from './resources/scans.ts';
import { sessionRoutes } from './resources/session.ts';
import { systemRoutes } from './resources/system.ts';
import { userRoutes } from './resources/users.ts';
import type { Route } from './route.ts';

/** Every route of the native API; the description and the test of rights are made from this list. */
export const nativeRoutes: readonly Route[] = [
  ...sessionRoutes,
  ...overviewRoutes,
  ...imageRoutes,
  ...contentRoutes,
  ...findingRoutes,
  ...riskRoutes,
  ...scanRoutes,
  ...scanChoiceRoutes,
  ...fixRoutes,
  ...fixPlanRoutes,
  ...registryRoutes,
  ...decisionRoutes,
  ...exportRoutes,
  ...eventRoutes,
  ...notificationRoutes,
  ...userRoutes,
  ...keyRoutes,
  ...policyRoutes,
  ...systemRoutes,
];

const patterns = nativeRoutes.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^/api/v1${path.replace(/:\w+/g, '[^/]+')}/?$`),
}));

/** Methods that a path knows; empty = the path is unknown. */
export function allowedMethods(path: string): readonly string[] {
  const methods = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method as string);
  return [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)];
}
