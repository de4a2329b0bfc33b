import { formatPath, type IssuePath } from '../../contract/issues';
import { readValues } from '../../contract/plan';
import { type Release, fullName } from '../../contract/release';
import { Values } from '../../contract/values/values';
import type { Manifest } from '../../constructs/checks/manifest';
import { differences } from '../diff/differences';
import { mergeValues } from '../values/merge-values';
import { type MutableMap, type ValuesMap, isMap } from '../values/values-map';

/** What was done with one of the given values. */
export interface ValueNote {
  readonly path: string;
  readonly why: string;
}

export interface ImportedValues {
  readonly values: ValuesMap;
  readonly notes: readonly ValueNote[];
  /** What has to be mended before the values synthesize. */
  readonly problems: readonly string[];
}

/** The headlines of `helm get values` without `-o yaml`. */
const HEADLINES = ['USER-SUPPLIED VALUES', 'COMPUTED VALUES'];

/** Values that only count where pixi installs the Python server. */
const PIXI_ONLY = ['image', 'rucioMcp', 'initResources'];

/**
 * The fewest values that say here what the given ones say to the chart.
 *
 * @param given - what `helm get values` has
 * @param chart - what `helm get manifest` has
 */
export function importValues(
  given: ValuesMap,
  chart: readonly Manifest[],
  release: Release,
): ImportedValues {
  const notes: ValueNote[] = [];
  const values = structuredClone(given) as MutableMap;
  for (const name of HEADLINES) remove(values, [name]);
  const drop = (path: IssuePath, why: string) => {
    if (remove(values, path)) notes.push({ path: formatPath(path), why });
  };
  dropDefaults(values);
  const runtime = values['runtime'];
  if (!isMap(runtime) || runtime['kind'] !== 'pixi') {
    for (const name of PIXI_ONLY) {
      drop([name], 'is about the image of pixi; set runtime.kind: pixi to go on with it');
    }
  }
  dropUnknown(values, release, drop);
  keepMeaning(values, chart, release, notes);
  const result = readValues(mergeValues({ files: [values] }), release);
  return {
    values,
    notes,
    problems: result.ok
      ? []
      : result.issues.map(({ path, message, fix }) => {
          return `${formatPath(path)}: ${message}${fix === undefined ? '' : `; ${fix}`}`;
        }),
  };
}

/** The chart ignores what it does not know; here it is an error. */
function dropUnknown(
  values: MutableMap,
  release: Release,
  drop: (path: IssuePath, why: string) => void,
): void {
  const result = readValues(mergeValues({ files: [values] }), release, { allowUnserved: true });
  if (result.ok) return;
  for (const { path, message } of result.issues) {
    if (message.startsWith('unknown key')) drop(path, `the chart ignores it: ${message}`);
  }
}

/** What the chart means by its defaults and by its way to read values. */
function keepMeaning(
  values: MutableMap,
  chart: readonly Manifest[],
  release: Release,
  notes: ValueNote[],
): void {
  if (typeof values['readOnly'] === 'string') {
    if (values['readOnly'] === '') values['readOnly'] = false;
    else delete values['readOnly'];
    notes.push({ path: 'readOnly', why: 'a template takes any text for true; so the chart did' });
  }
  if (!chart.some(({ kind }) => kind === 'ServiceMonitor')) {
    const monitor = values['serviceMonitor'];
    values['serviceMonitor'] = { ...(isMap(monitor) ? monitor : {}), enabled: false };
    notes.push({
      path: 'serviceMonitor.enabled',
      why: 'the chart leaves the ServiceMonitor out by default, here it is on: take the value away where the Prometheus Operator runs',
    });
  }
  const shared = isMap(values['auth']) ? values['auth']['sharedSecret'] : undefined;
  if (isMap(shared) && typeof shared['secretValue'] === 'string' && shared['secretValue'] !== '') {
    delete shared['secretValue'];
    if (shared['existingSecret'] === undefined || shared['existingSecret'] === '') {
      const text = (key: string) => (typeof values[key] === 'string' ? values[key] : '');
      const overrides = {
        nameOverride: text('nameOverride'),
        fullnameOverride: text('fullnameOverride'),
      };
      shared['existingSecret'] = `${fullName(release, overrides)}-shared-secret`;
    }
    notes.push({
      path: 'auth.sharedSecret.secretValue',
      why: 'the bearer stays in the Secret that the chart has made, and out of the values',
    });
  }
}

/** Takes every value away that is the default here too. */
function dropDefaults(values: MutableMap): void {
  const defaults = Values.parse({}) as ValuesMap;
  for (const [key, value] of Object.entries(values)) {
    const rest = withoutDefaults(value, defaults[key]);
    if (rest === undefined) remove(values, [key]);
    else values[key] = rest;
  }
}

function withoutDefaults(value: unknown, fallback: unknown): unknown {
  if (value !== null && differences(fallback, value).length === 0) return undefined;
  if (!isMap(value) || !isMap(fallback)) return value;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, withoutDefaults(inner, fallback[key])] as const)
    .filter(([, inner]) => inner !== undefined);
  // What was taken away from the defaults stays away.
  const gone = Object.keys(fallback).filter((key) => !Object.hasOwn(value, key));
  entries.push(...gone.map((key) => [key, null] as const));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** @returns whether it was there */
function remove(values: unknown, [key, ...rest]: IssuePath): boolean {
  if (key === undefined || typeof values !== 'object' || values === null) return false;
  if (rest.length > 0) return remove((values as MutableMap)[key], rest);
  return Object.hasOwn(values, key) && Reflect.deleteProperty(values, key);
}
