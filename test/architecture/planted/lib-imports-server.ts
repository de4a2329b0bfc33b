// as: lib/constructs/labels.ts
import { AppError } from '../../server/errors';

export const planted = AppError;
