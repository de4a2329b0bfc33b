import type { Bundle } from '../bundle/manifest';
import type { Plan } from '../contract/plan';

/** What the constructs of one deployment are made from. */
export interface ServerContext {
  readonly plan: Plan;
  readonly bundle: Bundle;
}
