// as: server/tools/define.ts
import { request } from 'undici';

export const planted = request;
