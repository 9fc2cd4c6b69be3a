import type { Readable } from 'node:stream';
import type { AccessControl, Account } from '../../access/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Call, Services } from '../../service/index.ts';
import type { BodyInput } from './input/body.ts';
import type { QueryInput } from './input/query.ts';

/** What the facade needs. */
export interface HuaweiDeps {
  readonly access: AccessControl;
  readonly services: Services;
  readonly clock: Clock;
}

/** A file as the answer. */
export interface FileAnswer {
  readonly file: Readable;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** One call of one operation, authenticated and authorised. */
export interface RouteCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: QueryInput;
  readonly body: BodyInput;
  /** Projects by `enterprise_project_id`; for operations of scope `lookup` all that the caller may see. */
  readonly call: Call;
  readonly services: Services;
  readonly clock: Clock;
  readonly account: Account;
  header(name: string): string | undefined;
  /** `ext_id` of a project, for `manifest.json` and the like. */
  readonly projectId: string;
}

/** One operation of `/v5/{project_id}`. */
export interface HuaweiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind `/v5/:project_id`. */
  readonly path: string;
  /** Operation name of the vendor; for the audit log and metrics. */
  readonly operation: string;
  /** Permission, `hss:<resource>:<verb>`. */
  readonly action: string;
  /**
   * `list`: without `enterprise_project_id` the default project. `lookup`: by an id that is hard to guess; clients do not
   * repeat the enterprise project, so without it all that the caller may see.
   */
  readonly scope: 'list' | 'lookup';
  /** A write counts once, however often the same request arrives. */
  readonly writes: boolean;
  handle(call: RouteCall): Promise<unknown>;
}
