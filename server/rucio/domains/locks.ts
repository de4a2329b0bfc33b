import type { RucioCore } from '../core';

/** `/locks`: what rules hold at an RSE. */
export class LocksApi {
  readonly core: RucioCore;

  constructor(core: RucioCore) {
    this.core = core;
  }
}
