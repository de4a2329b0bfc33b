import { z } from 'zod';

import { COLLECTOR_URL, NOT_A_COLLECTOR_URL } from '../server-document';
import { Annotations, Labels, OptionalObjectName, PrometheusDuration } from './kubernetes';

const relabelings = (description: string) =>
  z
    .array(
      z.strictObject({
        sourceLabels: z.array(z.string()).optional(),
        separator: z.string().optional(),
        targetLabel: z.string().optional(),
        regex: z.string().optional(),
        modulus: z.int().min(1).optional(),
        replacement: z.string().optional(),
        // As the API server would fill it in: what is applied again is then no change.
        action: z.string().default('replace'),
      }),
    )
    .default([])
    .meta({ description });

export const ServiceMonitor = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether it is made; needs the CRDs of the operator' }),
    kind: z.enum(['ServiceMonitor', 'PodMonitor']).default('ServiceMonitor').meta({
      description: 'Whether Prometheus finds the pods by the metrics Service or by themselves',
    }),
    interval: PrometheusDuration.default('30s').meta({
      description: 'How often metrics are read, e.g. 30s',
    }),
    scrapeTimeout: z
      .union([z.literal(''), PrometheusDuration])
      .default('')
      .meta({ description: 'Longest wait for the metrics; "" for that of Prometheus' }),
    labels: Labels.meta({
      description: 'More labels of the object, e.g. {release: kube-prometheus-stack}',
    }),
    relabelings: relabelings('Relabelings of the target, before it is scraped'),
    metricRelabelings: relabelings('Relabelings of what was scraped'),
  })
  .prefault({})
  .meta({ description: 'The monitor of the Prometheus Operator' });

export const PrometheusRule = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether it is made; needs the CRDs of the operator' }),
    labels: Labels.meta({ description: 'More labels of the object' }),
    runbookBaseUrl: z
      .union([z.literal(''), z.url({ protocol: /^https?$/ })])
      .default('')
      .meta({
        description:
          'Where you publish this project\'s docs/runbooks/, for the runbook_url of alerts; "" for none',
      }),
  })
  .prefault({})
  .meta({ description: 'The alerts, as a PrometheusRule of the Prometheus Operator' });

export const GrafanaDashboard = z
  .strictObject({
    enabled: z.boolean().default(false).meta({ description: 'Whether it is made' }),
    namespace: OptionalObjectName.meta({
      description: 'Where Grafana looks for it; "" for the release namespace',
    }),
    label: Labels.prefault({ grafana_dashboard: '1' }),
    folder: z.string().default('').meta({
      description: 'Folder of the dashboard (annotation grafana_folder); "" for none',
    }),
    annotations: Annotations,
  })
  .prefault({})
  .meta({ description: 'The dashboard as a ConfigMap for the Grafana sidecar' });

export const Tracing = z
  .strictObject({
    endpoint: z
      .union([z.literal(''), z.string().regex(COLLECTOR_URL, { error: NOT_A_COLLECTOR_URL })])
      .default('')
      .meta({
        description:
          'Base URL of an OTLP/HTTP collector, e.g. http://otel-collector.monitoring:4318; spans go to /v1/traces below it; "" for no tracing',
        fix: 'write no user, password or query into it',
      }),
    sampleRatio: z.number().min(0).max(1).default(0.1).meta({
      description:
        'Share of calls that are traced; of those that a client wants traced, it is the most',
    }),
    propagate: z.boolean().default(false).meta({
      description: 'Whether Rucio is sent the trace context (header traceparent) too',
    }),
  })
  .prefault({})
  .meta({ description: 'OpenTelemetry traces of tool calls and of what they ask Rucio' });
