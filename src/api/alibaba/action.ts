import type { Account } from '../../access/index.ts';
import type { Call, Services } from '../../service/index.ts';
import type { RawParameters } from './protocol/parameters.ts';
import { type Input, readInput, type Shape } from './schema/parameter.ts';
import type { AlibabaSettings } from './settings.ts';

/** Answer of an operation without `RequestId`; undefined members are left out. */
export type Body = Readonly<Record<string, unknown>>;

/** What an operation may use. */
export interface ActionContext {
  readonly call: Call;
  readonly services: Services;
  readonly account: Account;
  readonly settings: AlibabaSettings;
  /** ms */
  readonly now: () => number;
  /** Scheme and host that the caller used, for links. */
  readonly origin: string;
  /** Adds a header to the answer. */
  header(name: string, value: string): void;
}

/** One operation: what it is called, what it takes, what it does. */
export interface Operation<S extends Shape> {
  readonly name: string;
  /** `read` operations change nothing. */
  readonly level: 'read' | 'write';
  /** 0 = published, 1 = needed for a whole, 2 = useful. */
  readonly tier: 0 | 1 | 2;
  /** One line for the table of docs/api/alibaba.md. */
  readonly summary: string;
  readonly parameters: S;
  run(input: Input<S>, context: ActionContext): Promise<Body>;
}

/** An operation whose parameters are read and checked before it runs. */
export interface Action extends Omit<Operation<Shape>, 'run'> {
  /** @throws RpcError `Missing<Name>`, `Invalid<Name>` and what the operation refuses */
  call(raw: RawParameters, context: ActionContext): Promise<Body>;
}

/** Makes an operation callable. */
export function action<S extends Shape>({ run, ...operation }: Operation<S>): Action {
  return { ...operation, call: async (raw, context) => run(readInput(operation.parameters, raw), context) };
}
