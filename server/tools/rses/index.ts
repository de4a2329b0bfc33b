import { getDistance } from './get-distance';
import { getRse } from './get-rse';
import { getRseLimits } from './get-rse-limits';
import { getRseProtocols } from './get-rse-protocols';
import { getRseUsage } from './get-rse-usage';
import { listRseAttributes } from './list-rse-attributes';
import { listRses } from './list-rses';

export const rseTools = [
  getDistance,
  getRse,
  getRseLimits,
  getRseProtocols,
  getRseUsage,
  listRseAttributes,
  listRses,
] as const;
