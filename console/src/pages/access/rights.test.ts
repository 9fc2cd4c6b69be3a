import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decide } from '../../../../src/access/policy/evaluate.ts';
import { matchesAction } from '../../../../src/access/policy/match.ts';
import { type GrantedPolicy, matches, rightOf } from './rights.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'B', ':', '*'), maxLength: 8 });
const projectIds = [1, 2, 3];

test('patterns match as they do in the server', () => {
  fc.assert(
    fc.property(word, fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 10 }), (pattern, action) => {
      assert.equal(matches(pattern, action), matchesAction(pattern, action));
    }),
    { numRuns: 2000 },
  );
});

test('rights are those that the server decides', () => {
  const statement = fc.record({
    effect: fc.constantFrom('Allow' as const, 'Deny' as const),
    actions: fc.array(fc.constantFrom('*', 'x:*', '*:a', 'x:a', 'z'), { minLength: 1, maxLength: 2 }),
  });
  const grant = fc.record({
    policy: fc.constantFrom('p', 'q'),
    statements: fc.array(statement, { maxLength: 3 }),
    projects: fc.oneof(fc.constant('all' as const), fc.subarray(projectIds)),
  });
  fc.assert(
    fc.property(fc.array(grant, { maxLength: 4 }), fc.constantFrom('x:a', 'y:a', 'x:b'), (grants, action) => {
      const decision = decide(principal(grants), action, () => projectIds);
      assert.deepEqual(rightOf(grants, action, projectIds).projects, decision.allowed ? decision.projects : []);
    }),
    { numRuns: 2000 },
  );
});

function principal(grants: readonly GrantedPolicy[]) {
  return {
    ...{ kind: 'user' as const, userId: 1, name: 'u', accessKeyId: null, sessionPolicy: null },
    grants: grants.map(({ policy, statements, projects }) => ({
      policy: { name: policy, builtIn: false, statements },
      projects,
    })),
  };
}
