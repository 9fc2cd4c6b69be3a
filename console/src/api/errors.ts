import type { components } from './schema.gen.ts';

type Problem = components['schemas']['Problem'];

/** A request that failed: what the server said, or that it did not answer at all (`code` = `unreachable`). */
export class ApiError extends Error {
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** What the user can do about it. */
  readonly hint: string | undefined;
  /** The member of the request that is wrong. */
  readonly field: string | undefined;
  /** Where a filter goes wrong, counted in characters. */
  readonly position: number | undefined;
  readonly requestId: string | undefined;

  constructor(problem: Partial<Problem> & { readonly code: string; readonly status: number }) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
    this.hint = problem.hint;
    this.field = problem.field ?? problem.errors?.[0]?.field;
    this.position = problem.position;
    this.requestId = problem.requestId;
  }

  /** Nobody answered, or somebody between us and the server did: trying again may help. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** The error of an answer that is no success. */
export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    return new ApiError({ ...problem, code: problem.code ?? 'internal', status: response.status });
  } catch {
    return new ApiError({ code: response.status >= 502 ? 'unavailable' : 'internal', status: response.status });
  }
}
