import { ping } from './ping';
import { tokenInfo } from './token-info';
import { vomsProxyInfo } from './voms-proxy-info';
import { whoami } from './whoami';

export const metaTools = [ping, tokenInfo, vomsProxyInfo, whoami] as const;
