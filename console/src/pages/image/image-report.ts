import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type Schema } from '../../api/client.ts';
import { type SeverityName, severities } from '../../components/show/severities.ts';

/** What the page reads of a scan report (docs/api/report.schema.json). */
interface ReportJson {
  readonly scan: { readonly scanners: readonly string[] };
  readonly image: {
    readonly os: { readonly endOfLife: string | null } | null;
    readonly base: { readonly method: string; readonly layers: number; readonly digest: string | null } | null;
    readonly layers: readonly Omit<ReportLayer, 'counts' | 'findings'>[];
  };
  readonly advisories: { readonly createdAt: string };
  readonly findings: readonly {
    readonly kind: string;
    readonly layer?: string | null;
    readonly state?: string;
    readonly severity?: { readonly level: string };
    readonly ignored: object | null;
  }[];
  readonly diagnostics: readonly ReportDiagnostic[];
}

/** A problem with a part of the image that did not end the scan. */
export interface ReportDiagnostic {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly layer?: string;
  readonly partial?: boolean;
}

/** A layer of the image with what its packages bring. */
export interface ReportLayer {
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
  readonly createdBy: string | null;
  /** Null where the base image is not known. */
  readonly base: boolean | null;
  /** Counted vulnerabilities by severity. */
  readonly counts: Readonly<Record<SeverityName, number>>;
  readonly findings: number;
}

/** A scan report in short: reports of large images have many megabytes, of which the page keeps this. */
export interface ReportSummary {
  readonly endOfLife: string | null;
  readonly advisoriesAt: string;
  readonly base: { readonly method: string; readonly layers: number; readonly digest: string | null } | null;
  readonly layers: readonly ReportLayer[];
  readonly diagnostics: readonly ReportDiagnostic[];
  readonly scanners: readonly string[];
}

const counted = new Set(['cve', 'sca']);

/** Sums up a report. Findings count as the counters of the image do: neither decided on nor called unimportant. */
export function summaryOf({ scan, image, advisories, findings, diagnostics }: ReportJson): ReportSummary {
  const byLayer = new Map<string, Record<SeverityName, number>>();
  for (const { kind, layer, state, severity, ignored } of findings) {
    if (!counted.has(kind) || layer == null || ignored !== null || state === 'unimportant') continue;
    const counts = byLayer.get(layer) ?? { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
    byLayer.set(layer, counts);
    const level = severities.find((name) => name === severity?.level);
    // As in the counters, negligible stands with low.
    counts[level ?? (severity?.level === 'negligible' ? 'low' : 'unknown')]++;
  }
  return {
    endOfLife: image.os?.endOfLife ?? null,
    advisoriesAt: advisories.createdAt,
    base: image.base,
    layers: image.layers.map((layer) => {
      const counts = byLayer.get(layer.digest) ?? { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
      return { ...layer, counts, findings: severities.reduce((sum, name) => sum + counts[name], 0) };
    }),
    diagnostics,
    scanners: scan.scanners,
  };
}

/** What the scan has to say beside its findings; the end of life stands with the system. */
export function remarksOf(report: ReportSummary | undefined): readonly ReportDiagnostic[] {
  return (report?.diagnostics ?? []).filter(({ code }) => code !== 'end_of_life');
}

/**
 * The report of an image in short. It stands under a key of its own, by the numbers it tells of: events of other images do
 * not make megabytes come again.
 */
export function useImageReport({ uuid, scan, counts }: Schema<'Image'>, enabled = true) {
  const { cve, sca, handledCve, handledSca } = counts;
  return useQuery({
    queryKey: ['image-report', uuid, scan.finishedAt, cve.total, sca.total, handledCve, handledSca],
    queryFn: async ({ signal }) => {
      const { data } = await api.GET('/api/v1/images/{uuid}/report', { params: { path: { uuid } }, signal });
      // The description of the API leaves the report to its own schema.
      return summaryOf(data as unknown as ReportJson);
    },
    enabled: enabled && scan.finishedAt !== null,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
    placeholderData: keepPreviousData,
  });
}
