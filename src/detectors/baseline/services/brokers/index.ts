import type { ServiceRule } from '../contract.ts';
import { activemq } from './activemq.ts';
import { coordination } from './coordination.ts';
import { kafka } from './kafka.ts';
import { nacos } from './nacos.ts';
import { rabbitmq } from './rabbitmq.ts';

/** Brokers of messages and of configuration. */
export const brokers: readonly ServiceRule[] = [coordination, kafka, rabbitmq, activemq, nacos];
