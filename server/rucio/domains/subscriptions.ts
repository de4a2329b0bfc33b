import type { RucioCore } from '../core';

/** `/subscriptions`: rules for data to come. */
export class SubscriptionsApi {
  readonly core: RucioCore;

  constructor(core: RucioCore) {
    this.core = core;
  }
}
