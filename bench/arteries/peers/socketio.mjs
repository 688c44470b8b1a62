// The peer: a Socket.IO server that sends what one says to all others of its room. Ends with its input; the first line it prints is its address.
import { Server } from 'socket.io';

// Who only listens says nothing for the whole run
const server = new Server({ transports: ['websocket'], perMessageDeflate: false, pingInterval: 3_600_000 });
server.on('connection', socket => {
    const { room } = socket.handshake.query;
    socket.join(room);
    socket.on('tick', number => socket.to(room).emit('tick', number));
});
server.listen(0, {});
server.httpServer.on('listening', () => process.stdout.write(`ws://127.0.0.1:${server.httpServer.address().port}\n`));
process.stdin.on('end', () => process.exit(0)).resume();
