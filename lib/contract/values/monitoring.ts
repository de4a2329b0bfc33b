import { z } from 'zod';

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
