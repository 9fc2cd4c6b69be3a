import { useQuery } from '@tanstack/react-query';
import { ApiError } from './errors.ts';

/** A JSON schema as the description uses it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
}

/** One operation of the native API. */
export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly 'x-drydock-access': string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'query' | 'path' | 'header';
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}

/** The description of the native API, as the server gives it. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** The description, loaded when a page needs it. */
export function useDescription() {
  return useQuery<Description>({
    queryKey: ['description'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const response = await fetch('/api/v1/openapi.json', { signal });
      if (!response.ok) throw new ApiError({ code: 'unavailable', status: response.status });
      return (await response.json()) as Description;
    },
  });
}

/** Permissions that the operations need, in the order of their names. */
export function permissionsOf({ paths }: Description): readonly string[] {
  const needed = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map((operation) => operation['x-drydock-access']),
  );
  return [...new Set(needed.filter((action) => action?.startsWith('drydock:')))].sort();
}
