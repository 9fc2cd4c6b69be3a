export { type RangeAnswer, rangeAnswer } from './ranges.ts';
