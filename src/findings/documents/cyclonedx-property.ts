import { documentText } from './text.ts';

/** A name with a value, as CycloneDX keeps what it has no field for. */
export interface Property {
  readonly name: string;
  readonly value: string;
}

/** A property whose value may come from an image. */
export function property(name: string, value: string, limit?: number): Property {
  return { name, value: documentText(value, limit) };
}
