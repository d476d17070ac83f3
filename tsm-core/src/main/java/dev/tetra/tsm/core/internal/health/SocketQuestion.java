package dev.tetra.tsm.core.internal.health;

import dev.tetra.tsm.core.internal.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether {@code HEALTH} is answered with a line of JSON that has {@code "ok":true}, at the service's own Unix socket. */
final class SocketQuestion implements Question {
    private static final int LONGEST = 64 << 10;

    private final Path path;
    private final ByteBuffer request = ByteBuffer.wrap("HEALTH\n".getBytes(StandardCharsets.US_ASCII));
    private final ByteBuffer block = ByteBuffer.allocate(4096);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable SocketChannel channel;
    private boolean connected;

    SocketQuestion(Path path) {
        this.path = path;
    }

    @Override
    public @Nullable Answer look() {
        try {
            return ask();
        } catch (IOException failed) {
            String what = connected ? "no answer to HEALTH: " : "nobody answers at " + path + ": ";
            return Answer.no(what + Answer.why(failed));
        }
    }

    private @Nullable Answer ask() throws IOException {
        SocketChannel open = channel;
        if (open == null) {
            open = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel = open;
            open.configureBlocking(false);
            if (!open.connect(UnixDomainSocketAddress.of(path))) {
                throw new SocketException("too many others wait there");
            }
            connected = true;
        }
        while (request.hasRemaining()) {
            if (open.write(request) == 0) {
                return null;
            }
        }
        while (true) {
            block.clear();
            int count = open.read(block);
            if (count == 0) {
                return null;
            }
            boolean whole = take(block.flip());
            if (whole || (count < 0 && line.size() > 0)) {
                return understood();
            }
            if (count < 0) {
                throw new IOException("the connection was closed");
            }
        }
    }

    /** Takes what belongs to the line. @return whether that has its end */
    private boolean take(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n') {
                return true;
            }
            line.write(next);
            if (line.size() > LONGEST) {
                throw new IOException("its line has no end within " + LONGEST + " bytes");
            }
        }
        return false;
    }

    private Answer understood() {
        String text = line.toString(StandardCharsets.UTF_8);
        try {
            boolean ok = JsonObject.parse(line.toByteArray()).isTrue("ok");
            return new Answer(ok, "HEALTH: " + text);
        } catch (IOException noJson) {
            return Answer.no("HEALTH was not answered with a line of JSON but with " + text);
        }
    }

    @Override
    public String waiting() {
        return "no answer to HEALTH from " + path;
    }

    @Override
    public void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException closedAllTheSame) {
                // A descriptor is given back whatever close(2) says.
            }
        }
    }
}
