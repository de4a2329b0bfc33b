// as: server/errors.ts
import { App } from 'cdk8s';

export const planted = App;
