package dev.tetra.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.utils.ScreenTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code ./tsm monit} as a user sees it: on a pseudo-terminal that python3 makes, its output shown on a terminal of JLine's,
 * and then read from there.
 */
@Timeout(240)
class MonitIT extends TsmContract {
    private static final Path LAUNCHER = Path.of("..", "tsm").toAbsolutePath().normalize();
    private static final String UP = "\u001b[A";
    private static final String ENTER_SCREEN = "\u001b[?1049h";
    private static final String LEAVE_SCREEN = "\u001b[?1049l";
    private static final String SHOW_CURSOR = "\u001b[?25h";

    private final List<Seat> seats = new ArrayList<>();

    @BeforeEach
    void needPython() throws Exception {
        boolean there;
        try {
            there = new ProcessBuilder("python3", "-c", "import os; os.pidfd_open")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            there = false;
        }
        assumeTrue(there, "there is no python3 of 3.9 or later, which makes the pseudo-terminal");
        environment.put("TERM", "xterm-256color");
    }

    @AfterEach
    void leaveSeats() throws Exception {
        for (Seat seat : seats) {
            seat.close();
        }
    }

    @Test
    void services_are_shown_and_obey_the_keys() throws Exception {
        tsm("start", "--name", "first", "--port", "none", "sleep", "600").succeeded();
        tsm("start", "--name", "second", "--shell", "echo hello; echo oops >&2; sleep 600")
                .succeeded();
        Seat seat = monit(30, 100);

        seat.awaits("first   online", "second  online", "2 online", "owner ", "q quit", "1 of 2");
        seat.type("j").awaits("second  online", "hello", "err| oops", "2 of 2");
        seat.type("s").awaits("second  stopped", "signal 15 (TERM)", "1 stopped");
        seat.type("S").awaits("2 online", "second started");
        seat.type("r").awaits("second restarted");
        seat.type("x").awaits("kill second at once? y/n");
        seat.type("n").awaits("q quit");
        seat.type("x").awaits("kill second at once? y/n");
        seat.type("y").awaits("signal 9 (KILL)");
        seat.type("d").awaits("stop second and delete it, its log too? y/n");
        seat.type("y").awaits("second deleted", "1 of 1");
        assertThat(tetra.resolve("tsm/runtime/processes/second")).doesNotExist();
        assertThat(service("first").pid()).isPresent();

        seat.type("q").ends(0);
        assertThat(seat.written()).contains(ENTER_SCREEN).endsWith(LEAVE_SCREEN + "\u001b[23;0;0t");
    }

    @Test
    void nothing_is_there_and_then_services_come_and_go_and_one_cannot_be_read() throws Exception {
        Seat seat = monit(20, 90);
        seat.awaits("no owner: nothing is watched", "no services; start one with: tsm start COMMAND");

        tsm("start", "--name", "guest", "--port", "none", "sleep", "600").succeeded();
        seat.awaits("guest  online", "1 of 1").awaitsNot("nothing is watched");
        Path broken = tetra.resolve("tsm/runtime/processes/broken/meta.json");
        Files.createDirectories(broken.getParent());
        Files.writeString(broken, "{");
        seat.awaits("broken  unreadable", "1 unreadable");
        seat.type("\u001b[F").type("r").awaits("broken cannot be read:");
        Files.delete(broken);
        Files.delete(broken.getParent());
        seat.awaits("1 of 1").awaitsNot("unreadable");
        tsm("delete", "guest").succeeded();
        seat.awaits("no services; start one");
        seat.type("sSrxdlo/ \r").type("\u0003").ends(0);
    }

    @Test
    void the_view_outlives_the_owner_and_brings_up_another() throws Exception {
        tsm("start", "--name", "web", "--port", "none", "sleep", "600").succeeded();
        Seat seat = monit(20, 90);
        seat.awaits("web    online", "owner ", "1 of 1 ━");

        long owner = OwnerProcess.of(new Console(caller(0), nowhere(), nowhere()).directory())
                .orElseThrow()
                .pid();
        ProcessHandle.of(owner).orElseThrow().destroyForcibly();
        seat.awaits("no owner: nothing is watched", "web    online");

        seat.type("r").awaits("web restarted", "owner ");
        seat.type("q").ends(0);
    }

    @Test
    void the_screen_follows_the_size_of_the_terminal() throws Exception {
        tsm("start", "--name", "web", "--port", "none", "sleep", "600").succeeded();
        Seat seat = monit(30, 100);
        seat.awaits("MEMORY", "NOTE").line(29, "q quit");

        seat.size(10, 40);
        seat.awaitsNot("NOTE").awaits("STATUS", "1 of 1").line(9, "q quit");
        seat.size(24, 120);
        seat.awaits("NOTE").line(23, "q quit");
        seat.type("?")
                .awaits("choose a service", "any other key goes back")
                .type("l")
                .awaits("q quit");
        seat.type("q").ends(0);
    }

    @Test
    void a_log_cannot_steer_the_terminal_and_is_followed() throws Exception {
        tsm(
                        "start",
                        "--name",
                        "rude",
                        "--shell",
                        "printf '\\033]0;evil\\007\\033[2Jcolour\\033[31m gone\\033c\\n日本\\t|\\n';"
                                + "until [ -e go ]; do sleep 0.05; done; echo later; sleep 600")
                .succeeded();
        Seat seat = monit(20, 80);
        seat.awaits("out| colour gone", "out| 日本    |");

        seat.type("l").awaits("End follow", "colour gone");
        assertThat(seat.written()).doesNotContain("evil", "\u001b]", "\u001bc");
        seat.type(UP).awaits("1 lines below", "out| colour gone").awaitsNot("日本");
        Files.createFile(cwd.resolve("go"));
        seat.awaits("2 lines below").awaitsNot("later");
        seat.type("\u001b[F").awaits("out| later").awaitsNot("below");
        seat.type("q").ends(0);
    }

    @Test
    void only_what_changed_is_written() throws Exception {
        for (int i = 0; i < 10; i++) {
            tsm("start", "--no-wait", "--name", "s" + i, "--port", "none", "sleep", "600")
                    .succeeded();
        }
        Seat seat = monit(30, 100);
        seat.awaits("10 online", "1 of 10");
        int before = seat.written().length();

        seat.type("j").awaits("2 of 10");

        // A screen of this size has 3000 characters.
        assertThat(seat.written().substring(before)).hasSizeLessThan(1500).doesNotContain("\u001b[2J", "\u001b[J");
        seat.type("q").ends(0);
    }

    @Test
    void a_signal_gives_the_terminal_back_too() throws Exception {
        for (int signal : new int[] {15, 1}) {
            Seat seat = monit(20, 80);
            seat.awaits("no services");

            seat.order("signal " + signal);

            seat.ends(128 + signal);
            assertThat(seat.written()).contains(SHOW_CURSOR).contains(LEAVE_SCREEN);
        }
        Seat seat = monit(20, 80);
        seat.awaits("no services");
        seat.order("signal 2");
        seat.ends(0);
    }

    @Test
    void a_terminal_that_nobody_knows_will_do_and_a_first_key_may_be_the_last() throws Exception {
        for (String type : new String[] {"linux", "tsm-test-unknown"}) {
            environment.put("TERM", type);
            Seat seat = monit(20, 80);
            seat.awaits("no services; start one");

            seat.type("q").ends(0);
        }
    }

    @Test
    void a_terminal_that_goes_away_ends_the_view() throws Exception {
        Seat seat = new Seat(20, 80, "trap '' HUP; exec " + LAUNCHER + " monit");
        seat.awaits("no services");

        seat.order("hang");

        await("it has ended", seat::isOver);
    }

    @Test
    void elsewhere_than_on_a_terminal_it_says_what_to_do_instead() throws Exception {
        String sentence = "tsm: tsm monit needs a terminal; tsm list -l shows the same once\n";

        assertThat(tsm("monit").failed(64, "terminal").err()).isEqualTo(sentence);
        environment.put("TERM", "dumb");
        assertThat(tsm(80, "monit").failed(64, "terminal").err()).isEqualTo(sentence);
        environment.remove("TERM");
        assertThat(tsm(80, "monit").failed(64, "terminal").err()).isEqualTo(sentence);
        environment.put("TERM", "xterm");
        Seat seat = new Seat(20, 80, LAUNCHER + " monit </dev/null");
        seat.endsSaying(64, sentence);
    }

    private Seat monit(int rows, int columns) throws IOException {
        return new Seat(rows, columns, "exec " + LAUNCHER + " monit");
    }

    /** Somebody before a terminal on which a command runs. */
    private final class Seat {
        private final Process python;
        private final ScreenTerminal terminal;
        /** Guarded by itself. */
        private final StringBuilder written = new StringBuilder();

        private final Path report = scratch.resolve("report" + seats.size());
        private final Path complaints = scratch.resolve("complaints" + seats.size());
        private int rows;
        private int columns;

        Seat(int rows, int columns, String line) throws IOException {
            this.rows = rows;
            this.columns = columns;
            this.terminal = new ScreenTerminal(columns, rows);
            Path script = Path.of("src", "test", "resources", "terminal.py").toAbsolutePath();
            ProcessBuilder builder = new ProcessBuilder(
                            "python3", script.toString(), "" + rows, "" + columns, report.toString(), "sh", "-c", line)
                    .directory(cwd.toFile())
                    .redirectError(complaints.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            this.python = builder.start();
            seats.add(this);
            Thread reader = new Thread(this::read, "terminal");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            char[] some = new char[8192];
            try (Reader output = new InputStreamReader(python.getInputStream(), UTF_8)) {
                for (int count = output.read(some); count >= 0; count = output.read(some)) {
                    String text = new String(some, 0, count);
                    synchronized (written) {
                        written.append(text);
                    }
                    terminal.write(text);
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        /** All that the command wrote. */
        String written() {
            synchronized (written) {
                return written.toString();
            }
        }

        Seat type(String text) {
            return order("type " + HexFormat.of().formatHex(text.getBytes(UTF_8)));
        }

        void size(int newRows, int newColumns) {
            rows = newRows;
            columns = newColumns;
            terminal.setSize(Size.of(newColumns, newRows));
            order("size " + newRows + " " + newColumns);
        }

        Seat order(String order) {
            try {
                OutputStream orders = python.getOutputStream();
                orders.write((order + "\n").getBytes(UTF_8));
                orders.flush();
                return this;
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        /** The lines on the screen. */
        List<String> lines() {
            long[] cells = new long[rows * columns];
            terminal.dump(cells, null);
            List<String> lines = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                StringBuilder line = new StringBuilder();
                for (int column = 0; column < columns; column++) {
                    int character = ScreenTerminal.cellCodePoint(cells[row * columns + column]);
                    if (character > 0) {
                        line.appendCodePoint(character);
                    }
                }
                lines.add(line.toString().stripTrailing());
            }
            return lines;
        }

        Seat awaits(String... texts) {
            for (String text : texts) {
                awaitScreen(text, true);
            }
            return this;
        }

        Seat awaitsNot(String text) {
            awaitScreen(text, false);
            return this;
        }

        void line(int row, String beginning) {
            assertThat(lines().get(row)).startsWith(beginning);
        }

        private void awaitScreen(String text, boolean there) {
            try {
                await(text, () -> String.join("\n", lines()).contains(text) == there);
            } catch (AssertionError never) {
                throw new AssertionError(
                        (there ? "never showed " : "always showed ") + text + "\n" + String.join("\n", lines()) + "\n"
                                + complaints(),
                        never);
            }
        }

        private String complaints() {
            try {
                return Files.readString(complaints);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        boolean isOver() {
            return Files.exists(report);
        }

        /** With that exit code, the terminal as it was, and nothing on standard error. */
        void ends(int exitCode) throws IOException {
            endsSaying(exitCode, "");
        }

        void endsSaying(int exitCode, String complaint) throws IOException {
            await("it has ended", this::isOver);
            assertThat(complaints()).isEqualTo(complaint);
            assertThat(Files.readString(report)).isEqualTo(exitCode + " restored");
            await("all was read", () -> !python.isAlive());
        }

        void close() throws InterruptedException {
            if (python.isAlive()) {
                python.descendants().forEach(ProcessHandle::destroyForcibly);
                python.destroyForcibly();
            }
            assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
