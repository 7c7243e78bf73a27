// Connects to each address given, with no guard at all. Prints those that answered, as JSON.
import { connect } from 'node:net';

const [port, ...addresses] = process.argv.slice(2);
const reaches = (host) =>
  new Promise((done) => {
    const socket = connect({ host, port: Number(port), timeout: 2_000 });
    const end = (reached) => {
      socket.destroy();
      done(reached);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
  });
const reached = await Promise.all(addresses.map(reaches));
console.log(JSON.stringify(addresses.filter((_, at) => reached[at])));
