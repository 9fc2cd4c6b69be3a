/** The same keys with other texts: what every translation must be, so that a missing text is a type error. */
export type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : Same<T[K]> };
