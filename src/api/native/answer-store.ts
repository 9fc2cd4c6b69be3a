import type { AnswerStore, KeptAnswer } from './contract.ts';

/** Kept answers in memory: at most so many, the oldest go first. For one process; they end with it. */
export function memoryAnswers(now: () => number, most = 10_000): AnswerStore {
  const kept = new Map<string, KeptAnswer>();
  return {
    get: async (key) => {
      const answer = kept.get(key);
      return answer === undefined || answer.expiresAt <= now() ? null : answer;
    },
    put: async (key, answer) => {
      kept.delete(key);
      kept.set(key, answer);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
    },
  };
}
