import type { CallOptions, RucioCore } from '../core';
import { Ping } from '../schemas/meta';

/** What is asked of the server itself. */
export class MetaApi {
  readonly #core: RucioCore;

  constructor(core: RucioCore) {
    this.#core = core;
  }

  /** The server's version. Needs no session. */
  async ping({ signal }: CallOptions): Promise<Ping> {
    const { http } = this.#core;
    const answer = await http.send({ operation: 'ping', segments: ['ping'], signal });
    return this.#core.readDocument(answer, Ping);
  }
}
