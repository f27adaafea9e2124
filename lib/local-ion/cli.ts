#!/usr/bin/env node
// The executable `passport-ion`: runs the command in this process.

import { runCommand } from './command.js';

void runCommand(process).then((exitCode) => {
  process.exitCode = exitCode;
});
