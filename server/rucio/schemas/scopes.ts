import { z } from 'zod';

/** Answer of `GET /scopes/` and `GET /accounts/{account}/scopes/`. */
export const ScopeNames = z.array(z.string());
export type ScopeNames = z.output<typeof ScopeNames>;
