import type { RiskEvidence } from '../../../contract.ts';
import type { Check, CheckContext, CheckOutcome } from '../../contract.ts';
import { identificationCheck } from '../../define-check.ts';
import { failIf, unknown } from '../../outcome.ts';
import { hostnameReader } from '../files/hostname.ts';
import { candidatesOf, imageName } from '../guessing/candidates.ts';
import { type Guessed, guessPasswords } from '../guessing/guesser.ts';
import { passwordsOf, type UserPassword, withHash } from '../passwords.ts';

const weakPassword = identificationCheck({
  id: 'ID-002',
  item: 'weak_password',
  level: 'high',
  title: { en: 'Weak password', zh: '存在弱密码' },
  description: {
    en: 'The password of an account was guessed: it is a common one or made of the name of the user, host or image.',
    zh: '账号密码被猜中：使用了常见密码，或由用户名、主机名、镜像名构成。',
  },
  advice: {
    en: 'Lock the account or remove it; passwords do not belong into images.',
    zh: '锁定或删除该账号，不要在镜像中内置密码。',
  },
  async evaluate(context) {
    const { enabled } = context.settings.passwords;
    if (!enabled) return unknown('not_asked', 'the policy does not guess passwords');
    const passwords = passwordsOf(context);
    if (passwords.end !== undefined) return passwords.end;
    return await guess(
      context,
      [...withHash(passwords.users)].sort((a, b) => rank(a) - rank(b)),
    );
  },
});

/** Root first, then by number: what is beyond the budget is what matters least. */
function rank({ account }: UserPassword): number {
  return account?.uid ?? Number.POSITIVE_INFINITY;
}

async function guess(context: CheckContext, users: readonly UserPassword[]): Promise<CheckOutcome> {
  const { words, perAccount, accounts, seconds } = context.settings.passwords;
  const names = {
    host: context.file(hostnameReader, 'etc/hostname')?.facts?.name,
    image: imageName(context.image.reference),
    words,
  };
  const tried = users.slice(0, accounts).map((user) => ({ user, candidates: candidatesOf(user.name, names) }));
  const results = await guessPasswords(
    tried.map(({ user, candidates }) => ({
      field: user.field,
      passwords: candidates.slice(0, perAccount).map(({ password }) => password),
    })),
    seconds,
  );
  const evidence: RiskEvidence[] = [];
  const open: { readonly code: string; readonly why: string }[] = [];
  for (const [index, { user, candidates }] of tried.entries()) {
    const result = results[index];
    if (result === undefined) continue;
    if (result.found !== null) evidence.push(foundEvidence(user, candidates[result.found]?.weakness ?? '', result));
    else if (result.open !== null) open.push({ code: result.open.code, why: `${user.name}: ${result.open.why}` });
  }
  const left = users.length - tried.length;
  if (left > 0) open.push({ code: 'timeout', why: `${left} more accounts were not tried` });
  const [first] = open;
  if (evidence.length > 0 || first === undefined) return failIf(evidence);
  return unknown(
    first.code,
    open
      .slice(0, 10)
      .map(({ why }) => why)
      .join('; '),
  );
}

/** What was wrong with the password and how it was found; the password itself is never part of it. */
function foundEvidence({ password, evidence }: UserPassword, weakness: string, { tried, cost }: Guessed): RiskEvidence {
  const scheme = password.kind === 'hash' ? password.scheme : '';
  return evidence(`weak: ${weakness} (${tried} candidates tried; ${scheme} ${cost} a guess)`);
}

/** The check that guesses. */
export const weakPasswordChecks: readonly Check[] = [weakPassword];
