import { TOOL_NAMES } from '../../lib/contract/tools';
import { accountTools } from './accounts';
import { compositeTools } from './composite';
import type { Tool } from './define';
import { didTools } from './dids';
import { lockTools } from './locks';
import { metaTools } from './meta';
import { replicaTools } from './replicas';
import { requestTools } from './requests';
import { rseTools } from './rses';
import { ruleTools } from './rules';
import { scopeTools } from './scopes';
import { subscriptionTools } from './subscriptions';

const position = ({ name }: Tool) => TOOL_NAMES.indexOf(name);

/** Every tool, in the order of the catalogue in `lib/contract/tools.ts`. */
export const ALL_TOOLS: readonly Tool[] = [
  ...accountTools,
  ...compositeTools,
  ...didTools,
  ...lockTools,
  ...metaTools,
  ...replicaTools,
  ...requestTools,
  ...rseTools,
  ...ruleTools,
  ...scopeTools,
  ...subscriptionTools,
].sort((a, b) => position(a) - position(b));
