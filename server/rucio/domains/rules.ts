import type { RucioCore } from '../core';

/** `/rules`: replication rules. */
export class RulesApi {
  readonly core: RucioCore;

  constructor(core: RucioCore) {
    this.core = core;
  }
}
