import type { Selectable } from 'kysely';
import type {
  AuditRow,
  GrantRow,
  KeyRow,
  PolicyStatement,
  Project,
  SessionRow,
  TokenRow,
  UserRow,
} from '../../../access/index.ts';
import type { AccessTables } from './tables.ts';

type Row<T extends keyof AccessTables> = Selectable<AccessTables[T]>;

/** Stands for "all projects" in `user_grant.project_id`; ids begin at 1. */
export const allProjects = 0;

/** Row of `project` → project. */
export const projectOf = ({ id, name, ext_id }: Row<'project'>): Project => ({ id, name, extId: ext_id });

/** Row of `app_user` → user. */
export function userOf(row: Row<'app_user'>): UserRow {
  const { id, name, ext_id, password, disabled, epoch, created_at, updated_at } = row;
  const times = { createdAt: created_at, updatedAt: updated_at };
  return { id, name, extId: ext_id, password, disabled: disabled === 1, epoch, ...times };
}

/** User → columns of `app_user` but the id. */
export function userColumns({ name, extId, password, disabled, epoch, createdAt, updatedAt }: Omit<UserRow, 'id'>) {
  const times = { created_at: createdAt, updated_at: updatedAt };
  return { name, ext_id: extId, password, disabled: disabled ? 1 : 0, epoch, ...times };
}

/** Rows of `user_grant` of one user → grants by policy. */
export function grantsOf(rows: readonly Row<'user_grant'>[]): GrantRow[] {
  const byPolicy = new Map<string, number[]>();
  for (const { policy, project_id } of rows) byPolicy.set(policy, [...(byPolicy.get(policy) ?? []), project_id]);
  return [...byPolicy].map(([policy, projects]) => ({ policy, projects: scopeOf(projects) }));
}

/** Column values of one policy → projects. */
export function scopeOf(projects: readonly number[]): GrantRow['projects'] {
  return projects.includes(allProjects) ? 'all' : projects;
}

/** Row of `access_key` → key. */
export function keyOf(row: Row<'access_key'>): KeyRow {
  const { id, user_id, secret, disabled, created_at, expires_at, last_used_at } = row;
  const times = { createdAt: created_at, expiresAt: expires_at, lastUsedAt: last_used_at };
  return { id, userId: user_id, secret, disabled: disabled === 1, ...times };
}

/** Key → columns of `access_key`. */
export function keyColumns({ id, userId, secret, disabled, createdAt, expiresAt, lastUsedAt }: KeyRow) {
  const times = { created_at: createdAt, expires_at: expiresAt, last_used_at: lastUsedAt };
  return { id, user_id: userId, secret, disabled: disabled ? 1 : 0, ...times };
}

/** Row of `token` → token. */
export function tokenOf(row: Row<'token'>): TokenRow {
  return {
    id: row.id,
    hash: row.hash,
    kind: row.kind === 'robot' ? 'robot' : 'login',
    userId: row.user_id,
    epoch: row.epoch,
    name: row.name,
    projectExtId: row.project_ext_id,
    statements: statementsOf(row.statements),
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}

/** Token → columns of `token` but the id. */
export function tokenColumns(token: Omit<TokenRow, 'id'>) {
  return {
    hash: token.hash,
    kind: token.kind,
    user_id: token.userId,
    epoch: token.epoch,
    name: token.name,
    project_ext_id: token.projectExtId,
    statements: token.statements === null ? null : JSON.stringify(token.statements),
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
    last_used_at: token.lastUsedAt,
  };
}

/** Row of `session` → temporary key. */
export function sessionOf(row: Row<'session'>): SessionRow {
  const { id, user_id, name, secret, statements, issued_at, expires_at } = row;
  const times = { issuedAt: issued_at, expiresAt: expires_at };
  return { id, userId: user_id, name, secret, statements: statementsOf(statements), ...times };
}

/** Row of `audit` → entry. */
export function auditOf(row: Row<'audit'>): AuditRow {
  const { user_id, access_key_id, request_id, project_id, prev_hash, ...same } = row;
  return {
    ...same,
    userId: user_id,
    accessKeyId: access_key_id,
    requestId: request_id,
    projectId: project_id,
    prevHash: prev_hash,
  };
}

/** Entry → columns of `audit`. */
export function auditColumns({ userId, accessKeyId, requestId, projectId, prevHash, ...same }: AuditRow): Row<'audit'> {
  return {
    ...same,
    user_id: userId,
    access_key_id: accessKeyId,
    request_id: requestId,
    project_id: projectId,
    prev_hash: prevHash,
  };
}

function statementsOf(json: string | null): readonly PolicyStatement[] | null {
  return json === null ? null : (JSON.parse(json) as PolicyStatement[]);
}
