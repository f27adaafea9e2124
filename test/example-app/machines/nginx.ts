// Starts Debian's nginx as a proxy that passes requests to the machines in turn.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { Program } from '../../support/program.js';
import { closedPort } from '../../support/raw-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { PACKAGES } from './debian-packages.js';

/** A response header with the hosts and ports of the machines that the proxy tried. */
export const TRIED = 'x-machine';

export class Proxy {
  private constructor(
    readonly url: string,
    private readonly program: Program,
  ) {}

  /**
   * Starts nginx, which strips `pathToStrip` (such as `/2027jdoe`) from each request, as the school's proxy
   * does.
   */
  static async start(ports: readonly number[], pathToStrip = ''): Promise<Proxy> {
    const port = await closedPort();
    const folder = await temporaryFolder('nginx');
    const file = path.join(folder, 'nginx.conf');
    await writeFile(file, configuration(folder, port, ports, pathToStrip));
    const program = await Program.start('nginx', {
      arguments: ['-p', folder, '-e', 'stderr', '-c', file],
      packages: PACKAGES,
    });
    // nginx prints this after it has bound its port.
    await program.until('[notice]');
    return new Proxy(`http://127.0.0.1:${port}`, program);
  }

  stop(): Promise<void> {
    return this.program.stop();
  }
}

// These settings suit a real app on several machines, except that here nginx is one process, in its own folder.
function configuration(
  folder: string,
  port: number,
  ports: readonly number[],
  pathToStrip: string,
): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  ${temporary.join('\n  ')}
  upstream machines {
    ${ports.map((each) => `server 127.0.0.1:${each} fail_timeout=1s;`).join('\n    ')}
  }
  server {
    listen 127.0.0.1:${port};
    location ${pathToStrip}/ {
      proxy_pass http://machines${pathToStrip && '/'};
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-For $remote_addr;
      add_header ${TRIED} $upstream_addr always;
    }
  }
}
`;
}
