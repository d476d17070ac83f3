package dev.tetra.tsm.core.internal.health;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Whether one GET is answered with 200 to 399. A redirect is an answer and is not followed; of the answer no more than the
 * head is read.
 */
final class HttpQuestion implements Question {
    private final URI uri;
    private final Dial dial;
    private final ByteBuffer request;
    private final ByteBuffer block = ByteBuffer.allocate(4096);
    private final HttpHead head = new HttpHead();
    private @Nullable ByteChannel connection;

    /** @param uri checked: it has a host, and is of http or https */
    HttpQuestion(URI uri, Executor lookUps) {
        this.uri = uri;
        this.request = ByteBuffer.wrap(request(uri).getBytes(StandardCharsets.US_ASCII));
        int port = uri.getPort() >= 0 ? uri.getPort() : isTls() ? 443 : 80;
        this.dial = new Dial(host(), port, lookUps);
    }

    private boolean isTls() {
        return uri.getScheme().equals("https");
    }

    private String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** A {@link URI} has neither blanks nor line breaks, so that nothing of it becomes a header. */
    private static String request(URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
        String host = ascii.getHost() + (ascii.getPort() >= 0 ? ":" + ascii.getPort() : "");
        return "GET " + path + query + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: tsm\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    }

    @Override
    public @Nullable Answer look() {
        try {
            return ask();
        } catch (IOException failed) {
            // What a dial throws is a clause by itself.
            String why = Answer.why(failed);
            return Answer.no(connection == null ? why : "no answer from " + dial.place() + ": " + why);
        }
    }

    private @Nullable Answer ask() throws IOException {
        ByteChannel open = connection;
        if (open == null) {
            SocketChannel made = dial.look();
            if (made == null) {
                return null;
            }
            open = isTls() ? new Tls(made, host()) : made;
            connection = open;
        }
        while (request.hasRemaining()) {
            if (open.write(request) == 0) {
                return null;
            }
        }
        return answer(open);
    }

    private @Nullable Answer answer(ByteChannel open) throws IOException {
        while (true) {
            block.clear();
            int count = open.read(block);
            if (count == 0) {
                return null;
            }
            if (count < 0) {
                throw new IOException(head.isEmpty() ? "the connection was closed" : "its answer breaks off");
            }
            if (head.take(block.flip())) {
                boolean ok = head.status() >= 200 && head.status() < 400;
                return new Answer(ok, "HTTP " + head.status());
            }
        }
    }

    @Override
    public String waiting() {
        return (connection == null ? "no connection to " : "no answer from ") + dial.place();
    }

    @Override
    public void close() {
        dial.close();
    }
}
