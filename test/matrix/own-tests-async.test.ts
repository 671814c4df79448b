import { testOwnTests } from './own-tests.ts';

testOwnTests(({ style }) => style === 'async');
