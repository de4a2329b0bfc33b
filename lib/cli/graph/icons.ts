import type { Card } from './card';

/** Paths on a square of 18, drawn as lines. */
const PATHS = {
  person:
    'M9 9.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM2.8 15.8c.6-3 3-4.6 6.2-4.6s5.6 1.6 6.2 4.6',
  pulse: 'M1.5 9.5h3.2l2.1-5.6 3.6 10.2 2.2-4.6h3.9',
  globe:
    'M9 16.2A7.2 7.2 0 1 0 9 1.8a7.2 7.2 0 0 0 0 14.4ZM1.8 9h14.4M9 1.8c4 4.2 4 10.2 0 14.4M9 1.8c-4 4.2-4 10.2 0 14.4',
  database:
    'M2.8 4.6c0-3 12.4-3 12.4 0v8.8c0 3-12.4 3-12.4 0V4.6ZM2.8 4.8c0 2.8 12.4 2.8 12.4 0M2.8 9c0 2.8 12.4 2.8 12.4 0',
  door: 'M7.5 2.2h8.3v13.6H7.5M1.8 9h9M7.8 5.8 11 9l-3.2 3.2',
  branch:
    'M2 9h4.5M6.5 9l4.3-4.8h5M6.5 9l4.3 4.8h5M13.6 2l2.4 2.2-2.4 2.2M13.6 11.6l2.4 2.2-2.4 2.2',
  cube: 'M9 1.6 15.6 5.2v7.6L9 16.4 2.4 12.8V5.2L9 1.6ZM2.4 5.2 9 9l6.6-3.8M9 9v7.4',
  lock: 'M3.4 8.2h11.2v7.6H3.4V8.2ZM5.8 8.2V5.4a3.2 3.2 0 0 1 6.4 0v2.8M9 11.2v1.8',
  page: 'M3.6 1.8h7.2l3.6 3.6v10.8H3.6V1.8ZM10.6 2v3.6h3.6M6.2 9h5.6M6.2 12h5.6',
  shield:
    'M9 1.6l6.2 2.2v5c0 3.8-2.6 6.2-6.2 7.6-3.6-1.4-6.2-3.8-6.2-7.6v-5L9 1.6ZM6.2 8.8l2 2.1 3.8-4.1',
  badge:
    'M2.4 3.4h13.2v11.2H2.4V3.4ZM6.4 9.2a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2ZM4 12.2c.6-2.2 4.2-2.2 4.8 0M11 7.4h2.4M11 10.4h2.4',
  scale: 'M2 14.8h14M3.6 12V9.4M7.2 12V7M10.8 12V4.8M14.4 12V2.4',
} as const;

const ICONS: Readonly<Record<string, keyof typeof PATHS>> = {
  Ingress: 'door',
  HTTPRoute: 'door',
  Service: 'branch',
  ServiceMonitor: 'pulse',
  PodMonitor: 'pulse',
  PrometheusRule: 'pulse',
  Deployment: 'cube',
  Job: 'cube',
  Secret: 'lock',
  ExternalSecret: 'lock',
  Certificate: 'lock',
  NetworkPolicy: 'shield',
  PodDisruptionBudget: 'shield',
  HorizontalPodAutoscaler: 'scale',
  ServiceAccount: 'badge',
};

/** The path that stands for a kind of object or peer. */
export function iconOf({ id, kind, tone }: Card): string {
  if (tone !== 'outside') return PATHS[ICONS[kind] ?? 'page'];
  if (id.startsWith('ingress/')) return PATHS[id === 'ingress/monitoring' ? 'pulse' : 'person'];
  return PATHS[id === 'egress/Redis' || id.startsWith('egress/Rucio') ? 'database' : 'globe'];
}
