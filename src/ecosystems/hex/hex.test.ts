import assert from 'node:assert/strict';
import { test } from 'node:test';
import { briefs } from '../../../test/support/catalog.ts';
import { hex } from './index.ts';

test('applications of builds and releases; those of Erlang and Elixir are none', async () => {
  const [cataloger] = hex.catalogers;
  assert.ok(cataloger);
  const app = (name: string, version: string) =>
    `{application,${name},\n [{modules,['Elixir.A']},\n  {description,"a {vsn} of"},{vsn, "${version}"},{applications,[kernel]}]}.`;
  assert.deepEqual(
    await briefs(cataloger, {
      'app/_build/prod/lib/plug/ebin/plug.app': app('plug', '1.10.3'),
      'app/lib/cowboy-2.9.0/ebin/cowboy.app': app("'cowboy'", '2.9.0'),
      'usr/lib/erlang/lib/crypto-5.1/ebin/crypto.app': app('crypto', '5.1'),
      'app/lib/plain/ebin/plain.app': app('plain', '1.0.0'),
      'app/_build/prod/lib/cut/ebin/cut.app': '{application,cut,[{vsn,"1',
    }),
    [
      'pkg:hex/plug@1.10.3 app/_build/prod/lib/plug/ebin/plug.app',
      'pkg:hex/cowboy@2.9.0 app/lib/cowboy-2.9.0/ebin/cowboy.app',
    ],
  );
});

test('mix.lock', async () => {
  const [cataloger] = hex.declared ?? [];
  assert.ok(cataloger);
  const lock = `%{
  "plug": {:hex, :plug, "1.10.3", "c9cebe917637d8db0e759039cc106adca069874e1a9034fd6e3fdd427fd3c283", [:mix], [{:mime, "~> 1.0", [hex: :mime, repo: "hexpm", optional: false]}], "hexpm", "01f9037a2a1de1d633b5a881101e6a444bcabb1d386ca1e00bb273a1f1d9d939"},
  "own": {:git, "https://example.org/own.git", "abc", []},
}
`;
  assert.deepEqual(await briefs(cataloger, { 'mix.lock': lock }), ['pkg:hex/plug@1.10.3 declared mix.lock']);
});
