import { ConfigError } from '../lib/contract/issues';
import { VERSION } from '../lib/contract/version';
import { type App, buildApp } from './app';
import { loadConfig } from './config';
import { Metrics } from './plugins/metrics';

/** Exit codes: 0 after a stop that was asked for, 1 when the server can not start or go on. */
async function start(): Promise<App> {
  const document = await loadConfig();
  const metrics = new Metrics();
  metrics.collectProcess();
  const app = await buildApp(document, metrics);
  const { url, metricsUrl } = await app.listen();
  const sites = document.sites.map((site) => site.name);
  app.main.log.info({ version: VERSION, url, metricsUrl, sites }, 'rucio-mcp is ready');
  return app;
}

/** As PID 1 of a container, Node has no default reaction to signals. */
function stopOnSignal(app: App): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1); // A second signal means: now.
    stopping = true;
    app.main.log.info({ signal }, 'stopping');
    void app.stop().then(
      (onTime) => {
        app.main.log.info({ onTime }, 'stopped');
        process.exit(0);
      },
      (error: unknown) => {
        app.main.log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

start().then(stopOnSignal, (error: unknown) => {
  // A wrong document is the operator's to mend: the list of problems, without a stack.
  const text = error instanceof ConfigError ? error.message : String(error);
  process.stderr.write(`rucio-mcp can not start: ${text}\n`);
  process.exit(1);
});
