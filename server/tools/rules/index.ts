import { listDidRules } from './list-did-rules';

export const ruleTools = [listDidRules] as const;
