// as: lib/contract/release.ts
import { AppError } from '../../server/errors';

export const planted = AppError;
