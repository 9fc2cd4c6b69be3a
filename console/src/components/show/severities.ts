/** Severities of vulnerabilities, the worst first. */
export const severities = ['critical', 'high', 'medium', 'low', 'unknown'] as const;
export type SeverityName = (typeof severities)[number];
