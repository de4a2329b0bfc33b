// as: lib/contract/release.ts
import { objectLabels } from '../constructs/labels';

export const planted = objectLabels;
