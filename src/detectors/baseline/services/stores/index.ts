import type { ServiceRule } from '../contract.ts';
import { couchdb } from './couchdb.ts';
import { elasticsearch } from './elasticsearch.ts';
import { memcached } from './memcached.ts';
import { mongodb } from './mongodb.ts';
import { mysql } from './mysql.ts';
import { postgresql } from './postgresql.ts';
import { redis } from './redis.ts';

/** Stores of data. */
export const stores: readonly ServiceRule[] = [redis, mongodb, elasticsearch, memcached, mysql, postgresql, couchdb];
