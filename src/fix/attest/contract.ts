import type { FixPlan } from '../../ecosystems/index.ts';
import type { ReportOutcome, ScanReport } from '../../findings/index.ts';
import type { Descriptor, Digest } from '../../image/index.ts';

/** The facts of one finished fix from which its documents are written; nothing else flows into them. */
export interface FixFacts {
  /** `ivf-<uuid>` */
  readonly task: string;
  /** Version of Drydock. */
  readonly version: string;
  readonly source: { readonly reference: string; readonly digest: Digest; readonly platform: string };
  /** The pushed platform manifest. */
  readonly result: { readonly reference: string; readonly digest: Digest };
  readonly request: AttestedRequest;
  readonly plan: FixPlan;
  /** Digest of the plan in the blob store. */
  readonly planDigest: Digest;
  readonly outcomes: readonly ReportOutcome[];
  /** Scan of the source image. */
  readonly before: ScanReport;
  /** Rescan of the pushed digest. */
  readonly after: ScanReport;
  /** Digest of the rescan report in the blob store. */
  readonly rescanDigest: Digest;
  /** Referrers of the source image, and attestation children, that the result no longer carries. */
  readonly dropped: readonly Digest[];
  /** RFC 3339, whole seconds. */
  readonly startedAt: string;
  /** RFC 3339, whole seconds; the creation time of every document. */
  readonly finishedAt: string;
}

/** What was asked for and under which policy: the external parameters of the provenance. */
export interface AttestedRequest {
  /** As on the command line: `--all-fixable`, `--cve`, `--package`, `--severity` with their values. */
  readonly selection: {
    readonly allFixable: boolean;
    readonly ids: readonly string[];
    readonly packages: readonly string[];
    readonly severities: readonly string[];
  };
  /** Vulnerability ids after expanding the selection. */
  readonly requested: readonly string[];
  readonly strategy: 'best-effort' | 'all-or-nothing';
  /** New findings of this level or above hold the result back. */
  readonly gate: string;
  /** Packages that policy pins. */
  readonly pinned: readonly string[];
}

/** A document that goes beside an image. */
export interface AttestationDocument {
  /** Media type of the bytes. */
  readonly mediaType: string;
  /** What a client asks the registry for. */
  readonly artifactType: string;
  readonly bytes: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Bytes that a referrer manifest points to. */
export interface AttestationBlob {
  readonly digest: Digest;
  readonly size: number;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** A manifest that attaches one document to one subject, and the blobs to push before it. */
export interface Referrer {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType: string;
  readonly blobs: readonly AttestationBlob[];
}

/** What a manifest is attached to: media type, digest and size of the subject's manifest bytes. */
export type Subject = Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;

/** What our own provenance says about an image: where it came from and which plan made its top layer. */
export interface OwnProvenance {
  /** Digests of the images that the statement is about. */
  readonly subjects: readonly Digest[];
  readonly origin: { readonly reference: string; readonly digest: Digest };
  readonly plan: Digest;
  readonly task: string;
  readonly version: string;
}
