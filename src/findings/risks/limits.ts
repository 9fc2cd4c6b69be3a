/** Findings of one kind that are stored of one image (risks.md §6). */
export const mostRisks = 10_000;
