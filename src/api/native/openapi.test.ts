import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { publishedDescription } from '../../../tools/published-schemas.ts';
import { actionsOf } from './actions.ts';
import { nativeRoutes } from './routes.ts';

test('docs/api/openapi.json is what the routes say (npm run schemas writes it)', async () => {
  const published = readFileSync(new URL('../../../docs/api/openapi.json', import.meta.url), 'utf8');
  assert.equal(published, await publishedDescription());
});

test('the description: every route, unique operations, references that lead somewhere', async () => {
  const text = await publishedDescription();
  const document = JSON.parse(text);
  assert.equal(document.openapi, '3.1.0');
  const ids: string[] = [];
  for (const { method, path } of nativeRoutes) {
    const operation = document.paths[`/api/v1${path.replace(/:(\w+)/g, '{$1}')}`]?.[method.toLowerCase()];
    assert.ok(operation, `${method} ${path}`);
    ids.push(operation.operationId);
  }
  assert.equal(new Set(ids).size, ids.length);
  for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
    assert.ok(document.components.schemas[name], name);
  }
});

test('the list of actions is that of the routes', () => {
  const used = new Set(nativeRoutes.map(({ access }) => access).filter((access) => access.startsWith('drydock:')));
  assert.deepEqual([...used].sort(), [...actionsOf()].sort());
});
