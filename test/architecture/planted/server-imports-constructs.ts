// as: server/errors.ts
import { objectLabels } from '../lib/constructs/labels';

export const planted = objectLabels;
