import type { Application } from './application.ts';

/** Tells the first administrator, at the start that made it only: nothing of it is kept in readable form. */
export function showFirstAdministrator({ access, options }: Application, out: NodeJS.WritableStream): void {
  const first = access.firstAdministrator;
  // A key that was given from outside is known already.
  if (first === null || options.bootstrapAccessKey !== undefined) return;
  const lines = [
    'This is the first start. The administrator, shown only now:',
    `  name            ${first.name}`,
    ...(first.password === null ? [] : [`  password        ${first.password}`]),
    `  access key id   ${first.accessKeyId}`,
    `  access secret   ${first.secret}`,
  ];
  out.write(`${lines.join('\n')}\n\n`);
}
