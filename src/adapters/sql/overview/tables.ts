/** Tables of 0010-daily-counts. */
export interface OverviewTables {
  daily_count: {
    day: number;
    project_id: number;
    recorded_at: number;
    critical: number;
    high: number;
    medium: number;
    low: number;
    unknown: number;
    fixable: number;
    kev: number;
    images: number;
    scanned: number;
    images_at_risk: number;
    baseline: number;
    instruction: number;
    malicious: number;
    sensitive: number;
  };
}
