import type { RucioCore } from '../core';

/** `/rses`: storage elements. */
export class RsesApi {
  readonly core: RucioCore;

  constructor(core: RucioCore) {
    this.core = core;
  }
}
