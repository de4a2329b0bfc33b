import type { RseProtocol } from '../../rucio/schemas/rses';
import { compactNumber, compactText } from '../compact';
import type { Cell } from '../results';

export const PROTOCOL_COLUMNS = [
  'scheme',
  'host',
  'port',
  'prefix',
  'wan_read',
  'wan_write',
  'wan_delete',
  'copy_from',
  'copy_to',
  'lan_read',
  'lan_write',
] as const;

/** Said with every table of protocols. */
export const RANKS = 'numbers are ranks: 1 is tried first, null can not be used';

/** One protocol of an RSE. */
export function protocolCells({ scheme, hostname, port, prefix, domains }: RseProtocol): Cell[] {
  const wan = (key: string) => rank(domains?.wan?.[key]);
  const lan = (key: string) => rank(domains?.lan?.[key]);
  return [
    compactText(scheme),
    compactText(hostname),
    compactNumber(port),
    compactText(prefix),
    wan('read'),
    wan('write'),
    wan('delete'),
    wan('third_party_copy_read'),
    wan('third_party_copy_write'),
    lan('read'),
    lan('write'),
  ];
}

/** Rucio writes 0 for what is not supported. */
function rank(value: number | null | undefined): number | null {
  return value === undefined || value === 0 ? null : value;
}
