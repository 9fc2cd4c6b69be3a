/** Paths of the API whose answers a decision changes. */
export const decisionTouches: readonly string[] = [
  '/api/v1/decisions',
  '/api/v1/findings',
  '/api/v1/vulnerabilities',
  '/api/v1/packages',
  '/api/v1/images',
  '/api/v1/risks',
  '/api/v1/statistics',
  '/api/v1/worklist',
];
