import { z } from 'zod';

import { LOG_LEVELS, Limits, ToolSelection } from '../server-document';
import { Auth } from './auth';
import { ForwardedAllowIps, Gateway, Ingress, NetworkPolicy, Server, Service } from './exposure';
import { GrafanaDashboard, PrometheusRule, ServiceMonitor, Tracing } from './monitoring';
import {
  Autoscaling,
  DisruptionBudget,
  SmokeTest,
  StateStore,
  TopologySpread,
  extras,
} from './operations';
import { Image, RucioMcp, Runtime, ServiceAccount, podShape } from './workload';

/**
 * What an operator writes. Names and defaults are those of the Helm chart that this project
 * replaces, so that an existing `values.yaml` works; the rest is ours.
 */
export const Values = z.strictObject({
  nameOverride: z.string().max(63).default('').meta({
    description: 'The label app.kubernetes.io/name, and part of the names of objects',
  }),
  fullnameOverride: z.string().max(253).default('').meta({
    description: 'Name of the objects; "" makes one of the release name',
  }),
  auth: Auth,
  readOnly: z.boolean().default(true).meta({
    description: 'true: no tool can change anything at Rucio',
    fix: 'write true or false, without quotes',
  }),
  tools: ToolSelection.prefault({}).meta({ description: 'Which tools are listed' }),
  logLevel: z
    .enum(LOG_LEVELS)
    .default('info')
    .meta({ description: 'Least severe messages that are logged' }),
  limits: Limits.prefault({}).meta({ description: 'Bounds on what one request may cost' }),
  server: Server,
  forwardedAllowIps: ForwardedAllowIps,
  ingress: Ingress,
  gateway: Gateway,
  service: Service,
  networkPolicy: NetworkPolicy,
  runtime: Runtime,
  image: Image,
  rucioMcp: RucioMcp,
  replicaCount: z
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(1)
    .meta({ description: 'Number of pods' }),
  autoscaling: Autoscaling,
  podDisruptionBudget: DisruptionBudget,
  topologySpread: TopologySpread,
  stateStore: StateStore,
  serviceAccount: ServiceAccount,
  serviceMonitor: ServiceMonitor,
  prometheusRule: PrometheusRule,
  grafanaDashboard: GrafanaDashboard,
  tracing: Tracing,
  smokeTest: SmokeTest,
  ...podShape,
  ...extras,
  global: z.record(z.string(), z.unknown()).default({}).meta({
    description: 'Ignored: Helm hands it to subcharts, and there are none',
  }),
});

/** Complete values: every default filled in. */
export type Values = z.output<typeof Values>;
/** Values as they are written: everything may be left out. */
export type ValuesInput = z.input<typeof Values>;
