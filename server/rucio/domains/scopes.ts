import type { CallOptions, RucioCore } from '../core';
import { ScopeNames } from '../schemas/scopes';

/** `/scopes`: name spaces of DIDs. */
export class ScopesApi {
  readonly #core: RucioCore;

  constructor(core: RucioCore) {
    this.#core = core;
  }

  async list({ signal }: CallOptions): Promise<ScopeNames> {
    return this.#core.document(
      { operation: 'list_scopes', segments: ['scopes'], trailingSlash: true, signal },
      ScopeNames,
    );
  }
}
