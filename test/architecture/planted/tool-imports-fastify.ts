// as: server/tools/define.ts
import { fastify } from 'fastify';

export const planted = fastify;
