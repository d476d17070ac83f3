package dev.tetra.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command as a user runs it: through the launcher, a process for each command. */
@Timeout(300)
class LauncherIT extends TsmContract {
    private static final Path LAUNCHER = Path.of("..", "tsm").toAbsolutePath().normalize();

    @Test
    void the_launcher_runs_the_command_from_anywhere_and_through_links() throws Exception {
        Path link = Files.createSymbolicLink(cwd.resolve("link"), LAUNCHER);
        Files.createSymbolicLink(cwd.resolve("second"), Path.of("link"));

        Result result = shell("./second start --name web --port none sleep 600; ../project/link list");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("web  started  id 0  pid ", "online");
        assertThat(service("web").spec().cwd()).isEqualTo(cwd);
        assertThat(link).isSymbolicLink();
    }

    @Test
    void sixteen_starts_at_once_make_one_owner_and_sixteen_services_with_ids_and_ports_of_their_own() throws Exception {
        int count = 16;
        List<Process> starts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            starts.add(process("exec " + LAUNCHER + " start --name p" + i + " python3 -m http.server"));
        }
        for (Process start : starts) {
            assertThat(start.waitFor(200, TimeUnit.SECONDS)).isTrue();
            assertThat(start.exitValue())
                    .as(new String(start.getErrorStream().readAllBytes(), UTF_8))
                    .isZero();
        }

        Set<Object> ids = new HashSet<>();
        Set<Object> ports = new HashSet<>();
        for (Object element : (List<?>) tsm("list", "--json").json()) {
            ids.add(((Map<?, ?>) element).get("tsm_id"));
            ports.add(((Map<?, ?>) element).get("port"));
        }
        assertThat(ids).hasSize(count);
        assertThat(ports).hasSize(count).doesNotContainNull();
        long begun = Files.readAllLines(tetra.resolve("tsm/runtime/owner.log")).stream()
                .filter(line -> line.contains(" begins, "))
                .count();
        assertThat(begun).isEqualTo(1);
    }

    @Test
    void a_closed_standard_output_ends_quietly_and_a_full_disk_does_not() throws Exception {
        shell(LAUNCHER + " start --name web --no-wait --port none sleep 600");

        Result head = shell(LAUNCHER + " list --json | head -c 1");
        Result full = shell(LAUNCHER + " list > /dev/full");

        assertThat(head.out()).isEqualTo("[");
        assertThat(head.err()).isEmpty();
        assertThat(full.exitCode()).isEqualTo(1);
        assertThat(full.err()).isEqualTo("tsm: standard output cannot be written: No space left on device\n");
    }

    @Test
    void a_service_started_in_the_background_of_a_script_can_be_interrupted() throws Exception {
        shell(LAUNCHER + " start --name web --no-wait --port none sleep 600 & wait");

        long pid = service("web").pid().orElseThrow();
        String ignored = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();

        long mask = Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).trim(), 16);
        long hupIntQuitTerm = 1 | 1 << 1 | 1 << 2 | 1 << 14;
        assertThat(mask & hupIntQuitTerm).isZero();
    }

    @Test
    void letters_beyond_ascii_reach_the_service_whatever_the_locale() throws Exception {
        environment.keySet().removeIf(name -> name.equals("LANG") || name.startsWith("LC_"));
        environment.put("GREETING", "grüße");

        shell(LAUNCHER + " start --name web --shell 'echo \"$GREETING, 世界\"; sleep 600'")
                .succeeded();

        await("it has written", () -> tsm("logs", "web").out().equals("out| grüße, 世界\n"));
    }

    @Test
    void the_unit_for_boot_runs_the_launcher_by_its_real_path() throws Exception {
        Files.createSymbolicLink(cwd.resolve("link"), LAUNCHER);

        Result result = shell("./link startup");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(SystemdWords.of(SystemdWords.line(result.out(), "ExecStart")))
                .containsExactly(
                        "/usr/bin/env",
                        LAUNCHER.toRealPath().toString(),
                        "up",
                        tetra.resolve("tsm/enabled.yml").toString());
    }

    @Test
    void the_launcher_says_what_is_wrong_with_java() throws Exception {
        environment.put("JAVA_HOME", cwd.toString());

        shell(LAUNCHER + " list").failed(1, "JAVA_HOME is " + cwd);
    }

    @Test
    void the_owner_leaves_when_it_has_been_idle() throws Exception {
        environment.put("TSM_OWNER_IDLE", "1");
        tsm("start", "--name", "web", "--port", "none", "sleep", "600").succeeded();
        tsm("stop", "web").succeeded();

        await("the owner is gone", () -> tsm("owner", "status").exitCode() == 1);
        await(
                "it has said so",
                () -> ownerLog().contains("idle for 1 s") && ownerLog().contains(" ends, pid "));
    }

    private String ownerLog() {
        try {
            return Files.readString(tetra.resolve("tsm/runtime/owner.log"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Process process(String line) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", line).directory(cwd.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Result shell(String line) throws IOException, InterruptedException {
        Process process = process(line);
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Result(process.waitFor(), out, err);
    }

    @Test
    void letters_beyond_ascii_arrive_in_every_locale_and_the_service_has_the_callers_own() throws Exception {
        for (String locale : List.of("LC_ALL=C", "-u LC_ALL -u LC_CTYPE LANG=C", "LC_ALL=C.UTF-8")) {
            Result result = shell("env " + locale + " PW=pässwörd " + LAUNCHER
                    + " start --name l sh -c 'echo \"$PW $1 ${LC_ALL-none}\"' sh naïve; " + LAUNCHER + " logs -n 1 l");

            assertThat(result.exitCode()).as(result.err()).isZero();
            String expected = locale.startsWith("LC_ALL=") ? locale.substring("LC_ALL=".length()) : "none";
            assertThat(result.out()).contains("out| pässwörd naïve " + expected + "\n");
        }
    }
}
