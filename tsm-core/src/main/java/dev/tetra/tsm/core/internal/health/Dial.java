package dev.tetra.tsm.core.internal.health;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A TCP connection that is being made, without waiting. <em>For one thread at a time.</em> */
final class Dial implements AutoCloseable {
    /** Only the JDK's resolver knows when it gives up; no more threads than these wait for it. */
    private static final Semaphore LOOK_UPS = new Semaphore(16);

    private final String host;
    private final int port;
    private final CompletableFuture<List<InetAddress>> addresses;
    private int tried;
    private @Nullable SocketChannel channel;
    private @Nullable String failure;

    /**
     * @param host a name or an address; empty and {@code localhost} are loopback, whatever the machine's files say
     * @param lookUps runs the look-up of a name, which may take its time
     */
    Dial(String host, int port, Executor lookUps) {
        this.host = host.isEmpty() ? "127.0.0.1" : host;
        this.port = port;
        this.addresses = addresses(this.host, lookUps);
    }

    private static CompletableFuture<List<InetAddress>> addresses(String host, Executor lookUps) {
        try {
            if (host.equals("localhost")) {
                return CompletableFuture.completedFuture(List.of(literal("127.0.0.1"), literal("::1")));
            }
            if (isAddress(host)) {
                return CompletableFuture.completedFuture(List.of(literal(host)));
            }
            if (!LOOK_UPS.tryAcquire()) {
                throw new UnknownHostException("too many names are being looked up");
            }
            return lookUp(host, lookUps);
        } catch (UnknownHostException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
    }

    private static InetAddress literal(String address) throws UnknownHostException {
        return InetAddress.getAllByName(address)[0];
    }

    private static CompletableFuture<List<InetAddress>> lookUp(String host, Executor lookUps) {
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        try {
            lookUps.execute(() -> {
                try {
                    found.complete(List.of(InetAddress.getAllByName(host)));
                } catch (UnknownHostException | RuntimeException unknown) {
                    found.completeExceptionally(unknown);
                } finally {
                    LOOK_UPS.release();
                }
            });
        } catch (RejectedExecutionException closing) {
            LOOK_UPS.release();
            found.completeExceptionally(closing);
        }
        return found;
    }

    /** Whether the JDK understands it without asking anybody. */
    private static boolean isAddress(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        int numbers = 0;
        for (String number : host.split("\\.", -1)) {
            if (number.isEmpty() || number.length() > 3 || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return false;
            }
            numbers += Integer.parseInt(number) <= 255 ? 1 : 5;
        }
        return numbers == 4;
    }

    /** Where it leads, for messages. */
    String place() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * The connection once it is made; the caller closes this, not that.
     *
     * @throws IOException if none of the host's addresses takes it, with a clause that says why
     */
    @Nullable SocketChannel look() throws IOException {
        if (!addresses.isDone()) {
            return null;
        }
        List<InetAddress> all = found();
        while (tried < all.size()) {
            try {
                if (channel == null) {
                    channel = SocketChannel.open();
                    channel.configureBlocking(false);
                    return channel.connect(new InetSocketAddress(all.get(tried), port)) ? channel : null;
                }
                return channel.isConnected() || channel.finishConnect() ? channel : null;
            } catch (ConnectException refused) {
                next("connection refused on " + place());
            } catch (IOException failed) {
                next("no connection to " + place() + ": " + Answer.why(failed));
            }
        }
        throw new IOException(failure);
    }

    private List<InetAddress> found() throws IOException {
        try {
            return addresses.join();
        } catch (CompletionException unknown) {
            throw new IOException("the host " + host + " is not known", unknown);
        }
    }

    private void next(String why) {
        if (failure == null) {
            failure = why;
        }
        close();
        tried++;
    }

    @Override
    public void close() {
        SocketChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException closedAllTheSame) {
                // A descriptor is given back whatever close(2) says.
            }
        }
    }
}
