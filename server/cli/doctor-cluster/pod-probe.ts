import { z } from 'zod';

import { PATHS } from '../../../lib/contract/endpoints';
import type { ServerDocument } from '../../../lib/contract/server-document';
import { readAnswer } from './kubectl';
import type { LiveDeployment } from './live-deployment';

/**
 * Runs in the container by its own Node, with its own network and trust: asks every Rucio for its
 * ping and the server for its metrics, and tells the time. It reads no secret.
 */
const SCRIPT = `
const [{metrics,rucio,timeoutMs}]=[JSON.parse(process.argv[1])];
const fs=require('fs'),path=require('path');
const ca=(f)=>f===undefined?undefined:fs.statSync(f).isDirectory()?fs.readdirSync(f).map((n)=>{try{return fs.readFileSync(path.join(f,n),'utf8')}catch{return ''}}).filter((t)=>t.includes('BEGIN CERTIFICATE')):fs.readFileSync(f,'utf8');
const ask=(url,options)=>new Promise((done)=>{const start=Date.now();
try{const request=require(url.startsWith('https:')?'https':'http').get(url,{...options,timeout:timeoutMs},(answer)=>{let text='';
answer.setEncoding('utf8').on('data',(part)=>{if(text.length<4e6)text+=part}).on('end',()=>done({status:answer.statusCode,date:answer.headers.date,ms:Date.now()-start,now:Date.now(),text}))});
request.on('timeout',()=>request.destroy(Object.assign(Error(),{code:'no answer within '+timeoutMs+' ms'}))).on('error',(e)=>done({error:e.code||e.message}))}catch(e){done({error:e.code||e.message})}});
Promise.all([ask(metrics),...rucio.map(async({url,caFile})=>{try{return {url,...await ask(url,{ca:ca(caFile)}),text:undefined}}catch(e){return {url,error:e.code||e.message}}})])
.then(([own,...others])=>console.log(JSON.stringify({now:Date.now(),metrics:own.text,rucio:others})))
`.replaceAll('\n', '');

const Answer = z.object({
  url: z.url(),
  status: z.number().optional(),
  date: z.string().optional(),
  ms: z.number().optional(),
  now: z.number().optional(),
  error: z.string().optional(),
});
const Probe = z.object({
  /** The pod's clock, in milliseconds since the epoch. */
  now: z.number(),
  /** In the text format of Prometheus; absent where the server did not answer. */
  metrics: z.string().optional(),
  rucio: z.array(Answer),
});
export type RucioAnswer = z.output<typeof Answer>;

export interface PodProbe extends z.output<typeof Probe> {
  readonly pod: string;
  /** By this computer's clock, just before and after, in milliseconds since the epoch. */
  readonly asked: number;
  readonly answered: number;
}

export interface ProbeOptions {
  readonly timeoutMs: number;
  readonly clock: () => number;
}

/**
 * Looks out of a pod by `kubectl exec`.
 *
 * @throws {KubectlError}
 */
export async function probePod(
  { kubectl, container }: LiveDeployment,
  document: ServerDocument,
  pod: string,
  asksRucio: boolean,
  { timeoutMs, clock }: ProbeOptions,
): Promise<PodProbe> {
  const urls = new Map(
    document.sites.flatMap(({ rucioHost, authHost, caFile }) =>
      [rucioHost, authHost].map((host) => [`${host.replace(/\/$/, '')}/ping`, caFile]),
    ),
  );
  const question = {
    metrics: `http://127.0.0.1:${document.listen.metricsPort}${PATHS.metrics}`,
    rucio: asksRucio ? [...urls].map(([url, caFile]) => ({ url, caFile })) : [],
    timeoutMs,
  };
  const asked = clock();
  const { stdout } = await kubectl.run([
    ...['exec', pod, '--container', container.name, '--'],
    ...['node', '-e', SCRIPT, '--', JSON.stringify(question)],
  ]);
  const answered = clock();
  return { ...readAnswer(Probe, stdout, `what ${pod} says`), pod, asked, answered };
}
