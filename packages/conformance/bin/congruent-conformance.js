#!/usr/bin/env node
import '../dist/run/cli.js';
