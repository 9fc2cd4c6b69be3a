import type { GoModule } from './build-info.ts';

/** Name of the standard library as a module, as the Go vulnerability database has it. */
export const standardLibrary = 'stdlib';

/**
 * Which of the linked packages belong to which module: to the one with the longest path that leads to them. What belongs
 * to none and has no dot in its first element is the standard library's.
 * @returns import paths by module path; those of a replaced module as the replacement would spell them.
 */
export function linkedByModule(
  paths: readonly string[],
  modules: readonly GoModule[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const byImport = new Map(modules.map((module) => [module.replaces ?? module.path, module]));
  const linked = new Map<string, Set<string>>([[standardLibrary, new Set()]]);
  for (const { path } of modules) linked.set(path, new Set());
  for (const path of paths) {
    const module = owner(path, byImport);
    if (module !== undefined) {
      const own = module.replaces === undefined ? path : module.path + path.slice(module.replaces.length);
      linked.get(module.path)?.add(own);
    } else if (!firstElement(path).includes('.')) linked.get(standardLibrary)?.add(path);
  }
  return linked;
}

function owner(path: string, modules: ReadonlyMap<string, GoModule>): GoModule | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const module = modules.get(path.slice(0, end));
    if (module !== undefined) return module;
  }
  return undefined;
}

function firstElement(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : path.slice(0, slash);
}
