import { performance } from 'node:perf_hooks';
import type { Timers } from './contract.ts';

/** Timers of the machine; they do not keep the process alive by themselves. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
