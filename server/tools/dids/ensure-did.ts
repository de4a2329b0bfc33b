import type { Did } from '../../rucio/did';
import type { DidStatus } from '../../rucio/schemas/dids';
import type { ToolContext } from '../define';
import { withNearNames } from './near-names';

/**
 * What a DID is. For lists that Rucio answers alike for a DID without entries and one that it does
 * not know.
 *
 * @throws {AppError} DID_NOT_FOUND with names that begin alike
 */
export async function ensureDid(
  { rucio, signal }: Pick<ToolContext, 'rucio' | 'signal'>,
  did: Did,
): Promise<DidStatus> {
  return withNearNames(rucio, did, signal, rucio.dids.get(did, { signal }));
}
