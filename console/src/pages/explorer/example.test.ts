import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Description } from '../../api/description.ts';
import { exampleOf, optionalMembers } from './example.ts';

test('an example has the required members, with values of their types', () => {
  const schemas = { Inner: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] } };
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 3 },
      kind: { enum: ['a', 'b'] },
      inner: { anyOf: [{ type: 'null' }, { $ref: '#/components/schemas/Inner' }] },
      list: { type: 'array', items: { $ref: '#/components/schemas/Inner' } },
      more: { type: 'boolean' },
    },
    required: ['name', 'kind', 'inner', 'list'],
  };
  assert.deepEqual(exampleOf(schema, schemas), { name: 'xxx', kind: 'a', inner: { id: 1 }, list: [{ id: 1 }] });
  assert.deepEqual(optionalMembers(schema, schemas), ['more']);
});

test('schemas that hold themselves come to an end', () => {
  const schemas = { Node: { type: 'object', properties: { next: { $ref: '#/x/Node' } }, required: ['next'] } };
  assert.doesNotThrow(() => JSON.stringify(exampleOf({ $ref: '#/x/Node' }, schemas)));
});

test('every body of the native API has an example', () => {
  const file = new URL('../../../../docs/api/openapi.json', import.meta.url);
  const { paths, components } = JSON.parse(readFileSync(file, 'utf8')) as Description;
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const schema = operation.requestBody?.content['application/json']?.schema;
    if (schema !== undefined) assert.notEqual(exampleOf(schema, components.schemas), undefined, operation.operationId);
  }
});
