import { MemoryGrantStore } from '../../../../server/auth/oauth/grant-store';
import { describeGrantStore } from './grant-store-contract';

describe('in this process', () => describeGrantStore(() => new MemoryGrantStore()));
