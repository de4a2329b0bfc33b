import { TOOL_NAMES } from '../../lib/contract/tools';
import { compositeTools } from './composite';
import type { Tool } from './define';
import { didTools } from './dids';
import { metaTools } from './meta';
import { replicaTools } from './replicas';
import { ruleTools } from './rules';

const position = ({ name }: Tool) => TOOL_NAMES.indexOf(name);

/** Every tool, in the order of the catalogue in `lib/contract/tools.ts`. */
export const ALL_TOOLS: readonly Tool[] = [
  ...compositeTools,
  ...didTools,
  ...metaTools,
  ...replicaTools,
  ...ruleTools,
].sort((a, b) => position(a) - position(b));
