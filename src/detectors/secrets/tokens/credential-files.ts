/** Names of files that exist to hold settings of one place, where an assignment of a password is one. */
const names =
  /(^|\/)(\.env(\.[\w-]+)*|[\w-]+\.env|\.envrc|application[\w-]*\.(properties|ya?ml)|bootstrap[\w-]*\.(properties|ya?ml)|(docker-)?compose[\w.-]*\.ya?ml|appsettings[\w.-]*\.json|local\.settings\.json|(secrets?|credentials?)(\.(json|ya?ml|toml|ini|properties|txt|conf|cfg))?|[\w.-]+\.tfvars|[\w.-]*\.tfstate|\.(bash|zsh|sh|ash|mysql|psql|python|node_repl)_history|\.(bash|zsh|ksh)rc|\.(bash_|z)?profile)$/i;

/** Samples that come with a program: their values are invitations to write another one. */
const samples = /\.(example|sample|dist|template|tmpl|tpl|defaults?)(\.\w+)?$/i;

/** Whether a file holds settings of one installation: `.env`, Spring and .NET settings, compose files, Terraform state, histories. */
export function isCredentialFile(path: string): boolean {
  return names.test(path) && !samples.test(path);
}
