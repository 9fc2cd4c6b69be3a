/** Sources of scan tasks that Drydock makes by itself: they do not use up the tasks that people may order. */
export const ownScanSources: readonly string[] = ['hook', 'schedule', 'sync', 'fix'];
