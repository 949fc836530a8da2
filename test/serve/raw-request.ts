import { connect, type Socket } from 'node:net';

/** How a request on a bare connection goes on after its head. */
export type Course = (socket: Socket) => void;

/**
 * Sends the head of a request on a connection of its own, goes on as it is told, and gives all that is answered until the
 * connection ends.
 */
export function rawRequest(address: string, head: readonly string[], course: Course): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${[...head, `Host: ${hostname}`].join('\r\n')}\r\n\r\n`);
      course(socket);
    });
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => {}); // that it was cut off is what many of these requests are about
    socket.on('close', () => resolve(answer));
  });
}
