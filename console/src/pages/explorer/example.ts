import type { JsonSchema } from '../../api/description.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

const deepest = 6;

/**
 * A value that a schema would take, to begin a body with: required members and those with a fixed choice, short texts,
 * the first of alternatives that is not null.
 */
export function exampleOf(schema: JsonSchema, schemas: Schemas, depth = 0): unknown {
  if (depth > deepest) return null;
  if (schema.$ref !== undefined) {
    const target = schemas[schema.$ref.split('/').at(-1) ?? ''];
    return target === undefined ? null : exampleOf(target, schemas, depth + 1);
  }
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = (schema.anyOf ?? schema.oneOf)?.find(({ type }) => type !== 'null');
  if (choice !== undefined) return exampleOf(choice, schemas, depth + 1);
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  if (type === 'object' || schema.properties !== undefined) {
    const required = new Set(schema.required ?? []);
    const members = Object.entries(schema.properties ?? {}).filter(([name]) => required.has(name));
    return Object.fromEntries(members.map(([name, member]) => [name, exampleOf(member, schemas, depth + 1)]));
  }
  if (type === 'array') {
    const first = schema.items === undefined ? undefined : exampleOf(schema.items, schemas, depth + 1);
    return first === undefined || first === '' ? [] : [first];
  }
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return true;
  return type === 'string' ? 'x'.repeat(Math.min(schema.minLength ?? 0, 16)) : null;
}

/** Names of the optional members of a body, for who wants to add one. */
export function optionalMembers(schema: JsonSchema, schemas: Schemas): readonly string[] {
  if (schema.$ref !== undefined) {
    const target = schemas[schema.$ref.split('/').at(-1) ?? ''];
    return target === undefined ? [] : optionalMembers(target, schemas);
  }
  const choice = (schema.anyOf ?? schema.oneOf)?.find(({ type }) => type !== 'null');
  if (choice !== undefined) return optionalMembers(choice, schemas);
  const required = new Set(schema.required ?? []);
  return Object.keys(schema.properties ?? {}).filter((name) => !required.has(name));
}
