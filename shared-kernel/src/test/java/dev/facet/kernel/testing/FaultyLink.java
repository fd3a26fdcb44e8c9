package dev.facet.kernel.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Forwards connections to a server of this machine until it is told to cut each of them after some
 * bytes, or altogether.
 */
public final class FaultyLink implements AutoCloseable {
  private static final int PIECE = 8 << 10;

  private final ServerSocket door;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool(FaultyLink::daemon);
  private volatile long requestBytes = Long.MAX_VALUE;
  private volatile long responseBytes = Long.MAX_VALUE;

  private FaultyLink(int target) throws IOException {
    this.target = target;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  static FaultyLink to(int port) throws IOException {
    return new FaultyLink(port);
  }

  int port() {
    return door.getLocalPort();
  }

  /** Lets connections made from now on end once so many bytes have come from the server. */
  public void cutResponsesAfter(long bytes) {
    responseBytes = bytes;
    closeAll();
  }

  /** Lets connections made from now on end once so many bytes have gone to the server. */
  public void cutRequestsAfter(long bytes) {
    requestBytes = bytes;
    closeAll();
  }

  /** Connections that are open now. */
  public int connections() {
    return open.size() / 2;
  }

  /** The server is away: connections end, and no other is taken. */
  @Override
  public void close() throws IOException {
    door.close();
    closeAll();
    threads.shutdown();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        link(door.accept());
      } catch (IOException away) {
        // The door was closed, which ends this, or the server takes no connection.
      }
    }
  }

  private void link(Socket client) throws IOException {
    open.add(client);
    Socket server = connect(client);
    open.add(server);
    threads.execute(() -> forward(client, server, requestBytes));
    threads.execute(() -> forward(server, client, responseBytes));
  }

  private Socket connect(Socket client) throws IOException {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException away) {
      close(client);
      throw away;
    }
  }

  private void forward(Socket from, Socket to, long limit) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] piece = new byte[PIECE];
      long left = limit;
      while (left > 0) {
        int read = in.read(piece, 0, (int) Math.min(PIECE, left));
        if (read < 0) {
          break;
        }
        out.write(piece, 0, read);
        left -= read;
      }
    } catch (IOException gone) {
      // The other end has closed; so does this one.
    } finally {
      close(from);
      close(to);
    }
  }

  private void closeAll() {
    open.forEach(this::close);
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException alreadyClosed) {
      // Nothing else is to be done with it.
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "faulty-link");
    thread.setDaemon(true);
    return thread;
  }
}
