import { type Job, runJob } from './measure';

/** A load client: a process of its own, so that what it costs is not taken for a server's cost. */
process.on('message', (job: Job) => {
  runJob(job).then(
    (run) => process.send?.({ run }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
