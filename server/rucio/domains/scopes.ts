import type { RucioCore } from '../core';

/** `/scopes`: name spaces of DIDs. */
export class ScopesApi {
  readonly core: RucioCore;

  constructor(core: RucioCore) {
    this.core = core;
  }
}
