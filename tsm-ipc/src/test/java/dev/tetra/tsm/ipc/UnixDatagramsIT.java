package dev.tetra.tsm.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixDatagramsIT {
    private static final int LONGEST = 100;

    @TempDir
    Path directory;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private UnixDatagrams datagrams;

    @BeforeEach
    void open() throws IOException {
        datagrams = UnixDatagrams.open("test-datagrams", LONGEST);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        datagrams.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("test-datagrams")) {
                thread.join(TimeUnit.SECONDS.toMillis(30));
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    private void receive(byte[] datagram, UnixDatagrams.Sender sender) {
        received.add(new String(datagram, StandardCharsets.UTF_8));
    }

    private String next() throws InterruptedException {
        String datagram = received.poll(30, TimeUnit.SECONDS);
        assertThat(datagram).as("waited in vain for a datagram").isNotNull();
        return datagram;
    }

    /** Runs lines of Python that have {@code send(text)} for the path; returns its process id. */
    private static long python(Path path, String... lines) throws Exception {
        String prelude = """
                import socket,os,sys,array
                s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)
                def send(t): s.sendto(t.encode(),sys.argv[1])
                """;
        Process process = new ProcessBuilder("python3", "-c", prelude + String.join("\n", lines), path.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return process.pid();
    }

    private static List<String> descriptors() throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : all.toList()) {
                try {
                    open.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException closedMeanwhile) {
                    // The listing's own.
                }
            }
        }
        return open;
    }

    @Test
    void datagramsOfManySocketsArriveWholeInOrderAndWithTheirSender() throws Exception {
        BlockingQueue<UnixDatagrams.Sender> senders = new LinkedBlockingQueue<>();
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        datagrams.bind(first, (datagram, sender) -> {
            senders.add(sender);
            receive(datagram, sender);
        });
        datagrams.bind(second, this::receive);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first)))
                .isEqualTo("rw-------");

        long pid = python(first, "for i in range(100): send(str(i))");
        for (int i = 0; i < 100; i++) {
            assertThat(next()).isEqualTo(Integer.toString(i));
            assertThat(senders.take())
                    .isEqualTo(new UnixDatagrams.Sender(pid, (int) Files.getAttribute(first, "unix:uid")));
        }
        python(second, "send('')", "send('\\u00e9')");
        assertThat(next()).isEmpty();
        assertThat(next()).isEqualTo("é");
    }

    @Test
    void whatIsLongerThanItMayBeIsDroppedWhole() throws Exception {
        Path path = directory.resolve("socket");
        datagrams.bind(path, this::receive);
        python(path, "send('x'*" + (LONGEST + 1) + ")", "send('y'*" + LONGEST + ")");
        assertThat(next()).isEqualTo("y".repeat(LONGEST));
    }

    @Test
    void fileDescriptorsThatAreSentAlongAreClosedAndNotKept() throws Exception {
        Path path = directory.resolve("socket");
        datagrams.bind(path, this::receive);
        // The other end of the pipe reports the end when nobody has it open any more.
        python(
                path,
                "r,w=os.pipe()",
                "s.sendmsg([b'with'],[(socket.SOL_SOCKET,socket.SCM_RIGHTS,array.array('i',[w]))],0,sys.argv[1])",
                "os.close(w)",
                "assert os.read(r,1)==b''");
        assertThat(next()).isEqualTo("with");
    }

    @Test
    void aReceiverThatThrowsLosesItsDatagramAndNoOther() throws Exception {
        Path path = directory.resolve("socket");
        datagrams.bind(path, (datagram, sender) -> {
            receive(datagram, sender);
            throw new IllegalStateException("a receiver that throws, as this test wants it");
        });
        python(path, "send('a')", "send('b')");
        assertThat(next()).isEqualTo("a");
        assertThat(next()).isEqualTo("b");
    }

    @Test
    void aSocketThatAnEarlierOneLeftIsReplacedAndItsSendersReachTheNewOne() throws Exception {
        Path path = directory.resolve("socket");
        UnixDatagrams.Bound left = datagrams.bind(path, this::receive);
        datagrams.bind(path, (datagram, sender) -> received.add("new"));
        left.close();
        python(path, "send('old')");
        assertThat(next()).isEqualTo("new");
    }

    @Test
    void whatIsNoSocketIsLeftAlone() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        assertThatThrownBy(() -> datagrams.bind(folder, this::receive))
                .isInstanceOf(IOException.class)
                .hasMessage(folder + " is a directory where a socket is to be; move it away");
        Path file = Files.writeString(directory.resolve("file"), "text");
        assertThatThrownBy(() -> datagrams.bind(file, this::receive))
                .hasMessage(file + " is a file where a socket is to be; move it away");
        assertThat(file).hasContent("text");
    }

    @Test
    void aPathThatTheKernelDoesNotTakeIsRefused() {
        Path path = directory.resolve("x".repeat(UnixDatagrams.LONGEST_PATH));
        assertThatThrownBy(() -> datagrams.bind(path, this::receive))
                .hasMessageStartingWith("the path of a socket has 107 bytes at most, and this one has ");
        Path nowhere = directory.resolve("nowhere/socket");
        assertThatThrownBy(() -> datagrams.bind(nowhere, this::receive))
                .hasMessage("cannot bind the socket " + nowhere + ": bind: No such file or directory (errno 2)");
    }

    @Test
    void closingRemovesTheFileAndTheDescriptorAndIsIdempotent() throws Exception {
        Path path = directory.resolve("socket");
        datagrams.close();
        datagrams = UnixDatagrams.open("test-datagrams", LONGEST);
        int before = descriptors().size();
        for (int i = 0; i < 50; i++) {
            UnixDatagrams.Bound bound = datagrams.bind(path, this::receive);
            bound.close();
            bound.close();
            assertThat(path).doesNotExist();
        }
        assertThat(descriptors()).hasSizeLessThan(before + 25);
        UnixDatagrams.Bound bound = datagrams.bind(path, this::receive);
        datagrams.close();
        assertThat(path).doesNotExist();
        bound.close();
        datagrams.close();
        assertThatThrownBy(() -> datagrams.bind(path, this::receive)).hasMessage("these sockets are closed");
    }

    @Test
    void aReceiverMayCloseItsSocketAndAnotherThreadWaitsForOneThatRuns() throws Exception {
        Path path = directory.resolve("socket");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        UnixDatagrams.Bound busy = datagrams.bind(path, (datagram, sender) -> {
            entered.countDown();
            awaitForSure(leave);
            received.add("left");
        });
        python(path, "send('a')");
        entered.await();
        Thread closer = new Thread(() -> {
            busy.close();
            received.add("closed");
        });
        closer.start();
        leave.countDown();
        assertThat(next()).isEqualTo("left");
        assertThat(next()).isEqualTo("closed");
        closer.join();

        UnixDatagrams.Bound[] own = new UnixDatagrams.Bound[1];
        own[0] = datagrams.bind(path, (datagram, sender) -> {
            own[0].close();
            received.add("closed itself");
        });
        python(path, "send('a')");
        assertThat(next()).isEqualTo("closed itself");
        own[0].close();
        assertThat(path).doesNotExist();
    }

    private static void awaitForSure(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }
}
