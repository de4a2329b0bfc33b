import type { RucioCore } from '../core';

/** `/requests`: transfers. */
export class RequestsApi {
  readonly core: RucioCore;

  constructor(core: RucioCore) {
    this.core = core;
  }
}
