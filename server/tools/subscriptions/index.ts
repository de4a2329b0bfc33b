import { listSubscriptionRules } from './list-subscription-rules';
import { listSubscriptions } from './list-subscriptions';

export const subscriptionTools = [listSubscriptionRules, listSubscriptions] as const;
