import { type Alert, alertsOf } from './alerts';
import { type Target, WINDOWS, objectivesOf, recordOf } from './objectives';

/** A rule that keeps the value of an expression under a name of its own. */
export interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * All rules of one deployment: what its objectives are measured by, and the alerts. They are for one
 * group: its rules are evaluated in their order, so that alerts see what was just recorded.
 */
export function rulesOf(target: Target, runbookBaseUrl = ''): readonly (Alert | Recording)[] {
  return [...recordings(target), ...alertsOf(target, runbookBaseUrl)];
}

function recordings(target: Target): Recording[] {
  // An alert may be about one deployment of several in a Prometheus: the records tell them apart.
  const labels = { job: target.job, namespace: target.namespace };
  return objectivesOf(target).flatMap((objective) =>
    WINDOWS.map((window) => ({
      record: recordOf(objective, window),
      // No bad calls yet: there is no such series, and the share is 0.
      expr: `(${objective.failed(window)} or 0 * ${objective.total(window)}) / (${objective.total(window)} > 0)`,
      labels,
    })),
  );
}
