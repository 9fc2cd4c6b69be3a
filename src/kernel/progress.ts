/** What a long operation tells while it runs; the CLI draws it, a service will forward it. */
export type ProgressEvent =
  | { readonly kind: 'stage'; readonly stage: string; readonly detail?: string }
  | {
      readonly kind: 'progress';
      /** What is counted, for example `layers` or `download`. */
      readonly step: string;
      readonly done: number;
      readonly total?: number;
      readonly unit: 'bytes' | 'items';
    }
  | { readonly kind: 'message'; readonly level: 'info' | 'warning'; readonly text: string };

/** A listener must be cheap and must not throw. */
export type Progress = (event: ProgressEvent) => void;

/** For callers that do not want to know. */
export const noProgress: Progress = () => {};
