export { serveVisitors } from './serve-visitors.ts';
export { openVisitorThread } from './visitor-thread.ts';
