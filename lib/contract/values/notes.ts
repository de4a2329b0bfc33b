import type { ConfigIssue } from '../issues';
import { MAX_LABEL, type Release, wholeName } from '../release';
import { signsInByKerberos } from './kerberos-rules';
import { podCount } from './pod-count';
import type { Values } from './values';
import { CHART_INIT_RESOURCES, RucioMcp } from './workload';

/** Settings that only the Node server has; the Python server of `pixi` takes no notice of them. */
const SERVER_ONLY = ['tools', 'limits', 'stateStore'] as const;

/** What an operator should know about valid values: what is ignored, changed or unguarded. */
export function notesOf(values: Values, release: Release, defaults: Values): ConfigIssue[] {
  const note = (holds: boolean, path: ConfigIssue['path'], message: string, fix: string) =>
    holds ? [{ path, message, fix }] : [];
  const pixi = values.runtime.kind === 'pixi';
  const name = wholeName(release, values);
  return [
    ...note(
      !pixi && !same(values.rucioMcp, RucioMcp.parse({})),
      ['rucioMcp'],
      'is for runtime.kind pixi only, and is ignored',
      'remove it: this server comes with the manifests and installs nothing',
    ),
    ...note(
      !pixi && !same(values.initResources, CHART_INIT_RESOURCES),
      ['initResources'],
      'is for runtime.kind pixi only, and is ignored',
      'remove it: there is no init container',
    ),
    ...SERVER_ONLY.flatMap((key) =>
      note(
        pixi && !same(values[key], defaults[key]),
        [key],
        'is not for runtime.kind pixi, and is ignored',
        'remove it, or use another runtime.kind',
      ),
    ),
    ...(['grafanaDashboard', 'prometheusRule'] as const).flatMap((key) =>
      note(
        pixi && values[key].enabled,
        [key],
        'asks for the metrics of this server: those of the Python server have other names',
        'expect empty panels, or use another runtime.kind',
      ),
    ),
    ...note(
      !values.networkPolicy.enabled && believesAll(values.forwardedAllowIps),
      ['forwardedAllowIps'],
      'believes any peer, and no NetworkPolicy says who that can be: X-Forwarded-For can be forged',
      'list the proxies, or set networkPolicy.enabled to true',
    ),
    ...(pixi ? [] : passthroughNotes(values, defaults)),
    ...note(
      values.runtime.kind === 'image' && !values.runtime.volume && signsInByKerberos(values),
      ['image'],
      'has to have curl with GSS-API, with which the robot signs in: without it the pod does not start',
      'build one with it (that of the Dockerfile has none), or use runtime.kind bundle',
    ),
    ...note(
      name.length > MAX_LABEL,
      [values.fullnameOverride === '' ? 'nameOverride' : 'fullnameOverride'],
      `the objects' name is cut to ${MAX_LABEL} characters, as Helm does`,
      'choose a shorter one',
    ),
  ];
}

/** What `tokenFormat: passthrough` gives up, and what it has no use for. */
function passthroughNotes(values: Values, defaults: Values): ConfigIssue[] {
  const { mode, oidc } = values.auth;
  if (mode !== 'oidc' || oidc.tokenFormat !== 'passthrough') return [];
  const at = (key: string) => ['auth', 'oidc', key];
  const ignored = (['login', 'clients'] as const).filter(
    (key) => !same(oidc[key], defaults.auth.oidc[key]),
  );
  const several = podCount(values) > 1 && !values.readOnly;
  return [
    {
      path: at('tokenFormat'),
      message:
        'passthrough hands the bearer of a client on to Rucio, which MCP forbids: whoever gets ' +
        'hold of one works as its user at Rucio, and a token that was made for another service ' +
        'of the same Rucio is let in (confused deputy)',
      fix: 'use jwe, unless your clients can only bring a Rucio token; see docs/security.md',
    },
    ...ignored.map((key) => ({
      path: at(key),
      message: 'has no effect with tokenFormat passthrough: nobody signs in here',
      fix: 'remove it',
    })),
    ...(same(values.stateStore, defaults.stateStore)
      ? []
      : [
          {
            path: ['stateStore'],
            message: 'has no effect with tokenFormat passthrough: there is nothing to share',
            fix: 'remove it',
          },
        ]),
    ...(several && oidc.sealingKeys.existingSecret === ''
      ? [
          {
            path: at('sealingKeys'),
            message: 'pods without common keys do not know the plans that another one made',
            fix: 'name a Secret, or confirmations of changes have to be repeated now and then',
          },
        ]
      : []),
  ];
}

function believesAll(ips: Values['forwardedAllowIps']): boolean {
  return typeof ips === 'string' && ips.split(',').some((part) => part.trim() === '*');
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
