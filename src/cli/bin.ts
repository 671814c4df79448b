#!/usr/bin/env node
import module from 'node:module';

// From Node 22 on, the compiled program is kept between runs; that is a third of a run's time.
module.enableCompileCache?.();
await import('./main.ts');
