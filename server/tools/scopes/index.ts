import { listScopes } from './list-scopes';
import { listScopesForAccount } from './list-scopes-for-account';

export const scopeTools = [listScopes, listScopesForAccount] as const;
