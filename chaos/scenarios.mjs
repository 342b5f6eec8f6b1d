import { killOne } from './scenarios/kill-one.mjs';

/** All of them, in the order in which they are played. @type {readonly import('./scenario.mjs').Scenario[]} */
export const SCENARIOS = [...killOne];
