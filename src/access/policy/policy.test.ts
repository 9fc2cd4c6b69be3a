import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Policy, PolicyStatement, Principal } from '../contract.ts';
import { builtInPolicies } from './built-in.ts';
import { parsePolicyDocument } from './document.ts';
import { decide, verdictOf } from './evaluate.ts';
import { matchesAction } from './match.ts';

const letters = fc.string({ unit: fc.constantFrom('a', 'B', ':', '*'), maxLength: 8 });
const plain = fc.string({ unit: fc.constantFrom('a', 'b', 'B', ':'), maxLength: 10 });

test('patterns match like the regular expression they stand for', () => {
  fc.assert(
    fc.property(letters, plain, (pattern, action) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'is');
      assert.equal(matchesAction(pattern, action), expression.test(action));
    }),
    { numRuns: 3_000 },
  );
});

test('a hostile pattern takes no time', () => {
  const started = performance.now();
  assert.equal(matchesAction(`${'*a'.repeat(60)}b`, 'a'.repeat(5_000)), false);
  assert.ok(performance.now() - started < 500);
});

const actions = ['x:a', 'x:b', 'y:a'] as const;
const statement = fc.record({
  effect: fc.constantFrom('Allow' as const, 'Deny' as const),
  actions: fc.array(fc.constantFrom('*', 'x:*', '*:a', 'x:a', 'Y:A', 'z'), { minLength: 1, maxLength: 2 }),
});
const policy = fc
  .array(statement, { maxLength: 3 })
  .map((statements): Policy => ({ name: 'p', builtIn: false, statements }));
const allProjects = [1, 2, 3];
const scope = fc.oneof(fc.constant('all' as const), fc.subarray(allProjects));
const principal = fc
  .record({
    grants: fc.array(fc.record({ policy, projects: scope }), { maxLength: 4 }),
    sessionPolicy: fc.option(policy),
  })
  .map((parts): Principal => ({ kind: 'user', userId: 1, name: 'u', accessKeyId: null, ...parts }));

/** The definition, project by project: something allows it there, nothing denies it there, and the session agrees. */
function mayIn(project: number, { grants, sessionPolicy }: Principal, action: string): boolean {
  const says = (statements: readonly PolicyStatement[], effect: string): boolean =>
    statements.some(
      (one) =>
        one.effect === effect &&
        one.actions.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(action)),
    );
  const here = grants.filter(({ projects }) => projects === 'all' || projects.includes(project));
  if (here.some((grant) => says(grant.policy.statements, 'Deny'))) return false;
  if (!here.some((grant) => says(grant.policy.statements, 'Allow'))) return false;
  if (sessionPolicy === null) return true;
  return says(sessionPolicy.statements, 'Allow') && !says(sessionPolicy.statements, 'Deny');
}

test('decisions are those of the definition, in every project', () => {
  fc.assert(
    fc.property(principal, fc.constantFrom(...actions), (who, action) => {
      const decision = decide(who, action, () => allProjects);
      const projects = !decision.allowed ? [] : decision.projects === 'all' ? allProjects : decision.projects;
      assert.deepEqual(
        projects,
        allProjects.filter((project) => mayIn(project, who, action)),
      );
    }),
    { numRuns: 3_000 },
  );
});

test('"all" is never said when a project is denied, also one that the caller does not know yet', () => {
  const grant = (effect: 'Allow' | 'Deny', projects: 'all' | number[]) => ({
    policy: { name: 'p', builtIn: false, statements: [{ effect, actions: ['*'] }] },
    projects,
  });
  const who = (...grants: ReturnType<typeof grant>[]): Principal => ({
    kind: 'user',
    userId: 1,
    name: 'u',
    accessKeyId: null,
    grants,
    sessionPolicy: null,
  });
  assert.deepEqual(
    decide(who(grant('Allow', 'all'), grant('Deny', [9])), 'x:a', () => [1, 9]),
    {
      allowed: true,
      projects: [1],
    },
  );
  assert.deepEqual(
    decide(who(grant('Allow', [9]), grant('Deny', [9])), 'x:a', () => [1, 9]),
    {
      allowed: false,
      reason: 'explicit_deny',
    },
  );
  assert.deepEqual(
    decide(who(), 'x:a', () => [1]),
    { allowed: false, reason: 'implicit_deny' },
  );
});

test('reads the published shape of policy documents', () => {
  const document = {
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: ['yundun-sas:Describe*', 'yundun-sas:List*'], Resource: '*' },
      { Effect: 'Deny', Action: 'yundun-sas:OperateImageVul', Resource: ['*'] },
    ],
  };
  const statements = parsePolicyDocument(document);
  assert.equal(verdictOf(statements, 'YUNDUN-SAS:describeimagevullist'), 'Allow');
  assert.equal(verdictOf(statements, 'yundun-sas:OperateImageVul'), 'Deny');
  assert.equal(verdictOf(statements, 'yundun-sas:AddPrivateRegistry'), null);
  assert.deepEqual(parsePolicyDocument({ Statement: document.Statement[1] }), statements.slice(1));
});

test('refuses what it could not enforce, rather than leave it out', () => {
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
  for (const document of [
    null,
    [],
    {},
    { Statement: [] },
    { statements: 'x' },
    { Version: '2', Statement: [allow] },
    { Statement: [{ ...allow, Condition: { IpAddress: {} } }] },
    { Statement: [{ ...allow, Resource: 'acs:x:y' }] },
    { Statement: [{ ...allow, Effect: 'allow' }] },
    { Statement: [{ Effect: 'Allow', NotAction: 'x', Resource: '*' }] },
    { statements: [{ effect: 'Allow', actions: [] }] },
    { statements: [{ effect: 'Allow', actions: ['a b'] }] },
    { statements: [{ effect: 'Allow', actions: [`a${'*'.repeat(200)}`] }] },
    { statements: Array.from({ length: 101 }, () => ({ effect: 'Allow', actions: ['a'] })) },
  ]) {
    assert.throws(() => parsePolicyDocument(document), { code: 'invalid_access_input' }, JSON.stringify(document));
  }
});

/** Role → what it may, what it may not. */
const expectations: Readonly<Record<string, { may: string; mayNot: string }>> = {
  viewer: {
    may: 'drydock:finding:read drydock:export:write yundun-sas:DescribeImageVulList hss:vuls:list',
    mayNot:
      'drydock:decision:write drydock:fix:start yundun-sas:OperateImageVul hss:vuls:operate drydock:audit:read drydock:user:read',
  },
  triager: {
    may: 'drydock:decision:write yundun-sas:AddImageVulWhiteList hss:vuls:operate',
    mayNot: 'drydock:fix:start',
  },
  fixer: {
    may: 'drydock:fix:start yundun-sas:OperateImageVul yundun-sas:PublicCreateImageScanTask',
    mayNot: 'drydock:decision:write drydock:fix:promote drydock:fix:configure drydock:registry:write',
  },
  promoter: { may: 'drydock:fix:promote drydock:image:read', mayNot: 'drydock:fix:start drydock:decision:write' },
  'project-admin': {
    may: 'drydock:registry:write drydock:fix:promote',
    mayNot: 'drydock:user:write drydock:policy:write',
  },
  auditor: {
    may: 'drydock:audit:read drydock:user:read drydock:finding:read',
    mayNot: 'drydock:user:write drydock:scan:start',
  },
  'platform-admin': {
    may: 'drydock:user:write drydock:registry:write drydock:audit:read yundun-sas:AddPrivateRegistry',
    mayNot: 'drydock:finding:read drydock:image:read yundun-sas:DescribeImageVulList hss:vuls:list drydock:export:read',
  },
  reader: { may: 'yundun-sas:PageImageRegistry', mayNot: 'yundun-sas:PublicCreateImageScanTask' },
  operator: {
    may: 'yundun-sas:OperateImageVul yundun-sas:AddImageVulWhiteList drydock:scan:start',
    mayNot: 'yundun-sas:AddPrivateRegistry yundun-sas:ModifyImageFixCycleConfig',
  },
  owner: { may: 'yundun-sas:AddPrivateRegistry drydock:user:write hss:anything', mayNot: '' },
};

test('the roles that come along allow what their names say', () => {
  assert.deepEqual(builtInPolicies.map(({ name }) => name).sort(), Object.keys(expectations).sort());
  for (const { name, statements } of builtInPolicies) {
    const { may = '', mayNot = '' } = expectations[name] ?? {};
    for (const action of may.split(' ')) assert.equal(verdictOf(statements, action), 'Allow', `${name} ${action}`);
    for (const action of mayNot.split(' ').filter(Boolean)) {
      assert.equal(verdictOf(statements, action), null, `${name} ${action}`);
    }
  }
});
