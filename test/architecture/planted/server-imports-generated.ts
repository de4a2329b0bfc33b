// as: server/errors.ts
import { ServiceMonitor } from '../imports/monitoring.coreos.com';

export const planted = ServiceMonitor;
