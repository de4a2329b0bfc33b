// as: lib/contract/release.ts
import { parse } from 'yaml';

export const planted = parse;
