// Makes agents for one test, destroys them after it, and shows the connections that they keep.

import http = require('node:http');
import type net = require('node:net');

const agents: http.Agent[] = [];

afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

/** Returns the agent, and destroys it after the test. */
export function destroyedAfter<Agent extends http.Agent>(agent: Agent): Agent {
  agents.push(agent);
  return agent;
}

/** Creates an agent for this test that keeps connections open. */
export function keepingAgent(options: http.AgentOptions = {}): http.Agent {
  return destroyedAfter(new http.Agent({ keepAlive: true, ...options }));
}

/** Returns the idle connections that the agent keeps. */
export function keptBy({ agent }: { readonly agent: http.Agent }): net.Socket[] {
  return Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
}
