import type { ContractCall } from './call';

export const MC = 'mc20_13TeV';
export const GROUP = 'group.phys-higgs';
export const WORKSPACES = 'group.phys-higgs.ttH_combination.workspaces.v2';
export const SHERPA = `${MC}.700320.Sh_2211_Zee_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681`;
export const ZMUMU = `${MC}.700323.Sh_2211_Zmumu_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681`;
export const TTBAR = `${MC}.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.deriv.DAOD_PHYS.e6337_s3681`;
export const TTH = `${MC}.346343.PhPy8EG_A14NNPDF23_NNPDF30ME_ttH125_allhad.deriv.DAOD_PHYS.e7148_a907`;
export const CERN = 'CERN-PROD_DATADISK';
export const DESY = 'DESY-HH_DATADISK';
export const BNL = 'BNL-OSG2_DATADISK';
export const NOBODY = '00000000000000000000000000000000';

/** Calls that are made in this order, on servers where nothing else has been changed. */
export type Scenario = readonly ContractCall[];

export const WISH = {
  copies: 1,
  rse_expression: DESY,
  priority: 3,
  lifetime: null,
  grouping: 'DATASET',
  account: null,
  locked: false,
  source_replica_expression: null,
  activity: null,
  notify: 'N',
  purge_replicas: false,
  ignore_availability: false,
  comment: null,
  ask_approval: false,
  asynchronous: false,
  delay_injection: null,
  weight: null,
  meta: null,
  split_container: false,
};

export type Outcome = Pick<ContractCall, 'status' | 'exceptionClass' | 'as' | 'loosely'>;
export const OK: Outcome = { status: 200 };
export const MADE: Outcome = { status: 201 };

/** By the physicist, unless the outcome says otherwise. */
export function add(title: string, name: string, wish: object, outcome: Outcome): ContractCall {
  const dids = [{ scope: MC, name }];
  return { title, path: '/rules/', send: { ...WISH, dids, ...wish }, as: 'jdoe', ...outcome };
}

export function wishWithout(title: string, key: string): ContractCall {
  const wish = Object.entries({ ...WISH, dids: [] }).filter(([name]) => name !== key);
  const send = Object.fromEntries(wish);
  return { title, path: '/rules/', send, status: 400, exceptionClass: 'KeyError' };
}

export function rules(title: string, scope: string, name: string, rows: number): ContractCall {
  return { title, path: `/dids/${scope}/${name}/rules`, status: 200, rows };
}

export function put(title: string, rule: string, options: unknown, outcome: Outcome): ContractCall {
  return { title, method: 'PUT', path: `/rules/${rule}`, send: { options }, ...outcome };
}

export function remove(title: string, rule: string, send: unknown, outcome: Outcome): ContractCall {
  return { title, method: 'DELETE', path: `/rules/${rule}`, send, ...outcome };
}

export function post(
  title: string,
  rule: string,
  [verb, send]: readonly ['move' | 'reduce', unknown],
  outcome: Outcome,
): ContractCall {
  return { title, path: `/rules/${rule}/${verb}`, send, ...outcome };
}

export const invalid: Outcome = { status: 409, exceptionClass: 'InvalidObject' };
export const denied: Outcome = { status: 500, exceptionClass: 'AccessDenied' };
export const noExpression: Outcome = { status: 409, exceptionClass: 'InvalidRSEExpression' };
export const tooFew: Outcome = { status: 409, exceptionClass: 'InsufficientTargetRSEs' };
export const noQuota: Outcome = { status: 409, exceptionClass: 'InsufficientAccountLimit' };
export const duplicate: Outcome = { status: 409, exceptionClass: 'DuplicateRule' };
export const badCopies: Outcome = { status: 500, exceptionClass: 'InvalidValueForKey' };
export const Z = `${SHERPA}_r13144_p5855`;
