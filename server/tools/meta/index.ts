import { ping } from './ping';
import { whoami } from './whoami';

export const metaTools = [ping, whoami] as const;
