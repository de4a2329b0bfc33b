import type { Site } from '../../lib/contract/sites';
import type { Tool } from '../tools/define';
import { type CatalogueOptions, buildCatalogue } from './catalogue';
import type { Narrowing } from './narrowing';
import { type SiteOffer, buildOffer } from './server-factory';

/** Most different offers that are kept; clients choose from a handful. */
const MAX_KEPT = 64;

/** What one site offers to different callers. Each offer is worked out once. */
export class Offers {
  readonly site: Site;
  readonly #tools: readonly Tool[];
  readonly #options: Omit<CatalogueOptions, 'wanted'>;
  readonly #kept = new Map<string, SiteOffer>();

  /** @param tools - all tools, in catalogue order */
  constructor(site: Site, tools: readonly Tool[], options: Omit<CatalogueOptions, 'wanted'>) {
    this.site = site;
    this.#tools = tools;
    this.#options = options;
  }

  /** The operator's offer, less what the client does not want. */
  narrowed({ readOnly, wanted }: Narrowing): SiteOffer {
    const key = JSON.stringify([readOnly, wanted]);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const options = { ...this.#options, readOnly: this.#options.readOnly || readOnly, wanted };
    const offer = buildOffer(this.site, options.readOnly, buildCatalogue(this.#tools, options));
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(key, offer);
    return offer;
  }
}
