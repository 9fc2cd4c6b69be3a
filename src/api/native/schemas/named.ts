import { z } from 'zod';

/** Gives a schema its name in the description of the API, which refers to it instead of repeating it. */
export function named<S extends z.ZodType>(id: string, schema: S): S {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
  return schema;
}
