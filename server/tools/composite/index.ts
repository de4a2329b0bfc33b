import { describeDid } from './describe-did';
import { describeRse } from './describe-rse';
import { explainRule } from './explain-rule';
import { findMissingFiles } from './find-missing-files';
import { locateData } from './locate-data';
import { matchSubscriptions } from './match-subscriptions';
import { planRule } from './plan-rule';
import { quotaOverview } from './quota-overview';
import { resolvePfn } from './resolve-pfn';
import { waitForRule } from './wait-for-rule';

export const compositeTools = [
  describeDid,
  describeRse,
  explainRule,
  findMissingFiles,
  locateData,
  matchSubscriptions,
  planRule,
  quotaOverview,
  resolvePfn,
  waitForRule,
] as const;
