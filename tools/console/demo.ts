/**
 * The console over real parts, to look at and to work on: a registry with images, a service that has scanned them.
 *   node tools/console/demo.ts [PORT]
 * DRYDOCK_DEMO_PASSWORD chooses the password. Ends with Ctrl+C and leaves nothing behind.
 */
import { createConsoleWorld, person } from '../../test/console/support/console-world.ts';

const port = Number(process.argv[2] ?? '8480');
const password = process.env.DRYDOCK_DEMO_PASSWORD ?? person.password;
const world = await createConsoleWorld({ port, password });
const end = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
console.log(
  `console   ${world.url}\nname      ${person.name}\npassword  ${password}\nregistry  http://${world.registry.host}`,
);
await world.onboard();
console.log('everything is scanned');
await end;
await world[Symbol.asyncDispose]();
