import { ConfigError } from '../lib/contract/issues';
import { VERSION } from '../lib/contract/version';
import { type App, buildApp } from './app';
import { kerberosEnvironment, loadConfig } from './config';
import { Metrics } from './plugins/metrics';
import { logRucioVersions } from './plugins/rucio-versions';

/** Exit codes: 0 after a stop that was asked for, 1 when the server can not start or go on. */
async function start(): Promise<App> {
  const document = await loadConfig();
  const metrics = new Metrics();
  metrics.collectProcess();
  const app = await buildApp(document, metrics, { kerberos: kerberosEnvironment() });
  const { url, metricsUrl } = await app.listen();
  const sites = document.sites.map((site) => site.name);
  app.main.log.info({ version: VERSION, url, metricsUrl, sites }, 'rucio-mcp is ready');
  logRucioVersions(document.sites, app.main.log);
  return app;
}

/**
 * As PID 1 of a container, Node has no default reaction to signals: without handlers of our own,
 * a pod that is stopped while it starts would live until it is killed.
 */
function stopOnSignal(starting: Promise<App>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1); // A second signal means: now.
    stopping = true;
    void starting.then((app) => stop(app, signal));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** How long a stopping server still takes connections, in milliseconds: it may be hard-pressed. */
const LINGER_MS = 500;

async function stop(app: App, signal: NodeJS.Signals): Promise<never> {
  const { log } = app.main;
  log.info({ signal }, 'stopping');
  try {
    log.info({ onTime: await app.stop(LINGER_MS) }, 'stopped');
    process.exit(0);
  } catch (error) {
    log.error({ err: error }, 'could not stop cleanly');
    process.exit(1);
  }
}

const starting = start();
stopOnSignal(starting);
starting.catch((error: unknown) => {
  // A wrong document is the operator's to mend: the list of problems, without a stack.
  const text = error instanceof ConfigError ? error.message : String(error);
  process.stderr.write(`rucio-mcp can not start: ${text}\n`);
  process.exit(1);
});
