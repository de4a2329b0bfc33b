import { getAccount } from './get-account';
import { getLocalAccountLimits } from './get-local-account-limits';
import { getLocalAccountUsage } from './get-local-account-usage';
import { listAccounts } from './list-accounts';

export const accountTools = [
  getAccount,
  getLocalAccountLimits,
  getLocalAccountUsage,
  listAccounts,
] as const;
