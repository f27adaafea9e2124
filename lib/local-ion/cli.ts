#!/usr/bin/env node
// The `passport-ion` executable: runs the command in the current process.

import { runCommand } from './command.js';

void runCommand(process).then((exitCode) => {
  process.exitCode = exitCode;
});
