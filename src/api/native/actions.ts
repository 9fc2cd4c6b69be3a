/** Actions by resource and verb; policies name them as `drydock:<resource>:<verb>`. */
const verbs: Readonly<Record<string, string>> = {
  image: 'read',
  finding: 'read',
  scan: 'read start cancel configure',
  fix: 'read start cancel configure',
  registry: 'read write test sync',
  decision: 'read write',
  export: 'read write',
  event: 'read',
  notification: 'read write',
  schedule: 'read write',
  advisory: 'read update',
  project: 'read write',
  user: 'read write',
  policy: 'read write',
  key: 'read write',
  token: 'read write',
  audit: 'read',
  system: 'read',
};

/** All actions of the native API; a test holds them against the routes. */
export function actionsOf(): readonly `drydock:${string}:${string}`[] {
  return Object.entries(verbs).flatMap(([resource, names]) =>
    names.split(' ').map((verb) => `drydock:${resource}:${verb}` as const),
  );
}
