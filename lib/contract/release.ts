import type { ConfigIssue } from './issues';

/**
 * The name and place of one deployment, as Helm's release name and namespace. They are not values:
 * one values file serves many releases.
 */
export interface Release {
  /** Helm's release name; `app.kubernetes.io/instance`. */
  readonly name: string;
  readonly namespace: string;
}

/** Longest release name, as Helm has it. */
export const MAX_RELEASE_NAME = 53;

/** What is wrong with a release: both are names that Kubernetes checks (RFC 1123 labels). */
export function releaseIssues({ name, namespace }: Release): ConfigIssue[] {
  const isLabel = (text: string, longest: number) =>
    text.length <= longest && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text);
  const issues: ConfigIssue[] = [];
  if (!isLabel(name, MAX_RELEASE_NAME)) {
    issues.push({
      path: ['release', 'name'],
      message: `"${name}" is not a release name`,
      expected: `1-${MAX_RELEASE_NAME} lower-case letters, digits and inner hyphens`,
      fix: 'choose another --name',
    });
  }
  if (!isLabel(namespace, 63)) {
    issues.push({
      path: ['release', 'namespace'],
      message: `"${namespace}" is not a namespace`,
      expected: '1-63 lower-case letters, digits and inner hyphens',
      fix: 'choose another --namespace',
    });
  }
  return issues;
}

/** The name of the application; default of `app.kubernetes.io/name`. */
export const APP_NAME = 'rucio-mcp';

export const DEFAULT_RELEASE: Release = { name: APP_NAME, namespace: 'mcp' };

/** Longest name of a Service, and of what becomes a label value. RFC 1035, section 2.3.4. */
export const MAX_LABEL = 63;

/**
 * The name that every object starts with, by the chart's rule: an override; else the release name
 * if it contains the application's name; else both. Cut to {@link MAX_LABEL} characters, as Helm
 * cuts it: a release that is taken over keeps its names.
 */
export function fullName(
  release: Release,
  overrides: { readonly nameOverride: string; readonly fullnameOverride: string },
): string {
  return wholeName(release, overrides).slice(0, MAX_LABEL).replace(/-$/, '');
}

/** That name before it is cut. */
export function wholeName(
  release: Release,
  overrides: { readonly nameOverride: string; readonly fullnameOverride: string },
): string {
  if (overrides.fullnameOverride !== '') return overrides.fullnameOverride;
  const app = appName(overrides);
  return release.name.includes(app) ? release.name : `${release.name}-${app}`;
}

/** `app.kubernetes.io/name`. */
export function appName(overrides: { readonly nameOverride: string }): string {
  return overrides.nameOverride === '' ? APP_NAME : overrides.nameOverride;
}
